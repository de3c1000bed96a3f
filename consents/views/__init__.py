"""Pages of purposes, grounds and consents."""

"""A small, believable company to try the system on. The same seed gives the same company."""

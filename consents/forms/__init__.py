"""What people fill in about purposes, grounds and consents. Forms validate; services write."""

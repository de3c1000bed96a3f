"""The access matrix, one file a room; see tests/test_access_matrix.py."""

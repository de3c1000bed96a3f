"""Writes of the contacts' room. Each is one transaction and leaves one line in the audit."""

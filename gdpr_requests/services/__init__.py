"""Writes of the desk: showing, exporting and erasing a person. Each is one transaction with its line in the audit."""

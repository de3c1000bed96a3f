"""Writes of the consents' room. The ledger only grows; what it adds up to is kept in a projection."""

"""Backups, and what makes a restored one harmless.

`comparison` finds out what the ledger of erasures says and this database does not know yet, `startup` has it replayed
before anything is served, `compaction` lets entries end. `making`, `restoring` and `archive` are backups themselves.
"""

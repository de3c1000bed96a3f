"""Erasing a person (Art. 17): `plan` says what goes and what stays, `deletion` does it, `residue` proves it.

`ledger` remembers it outside the database, `certificate` tells it without naming anybody. The service that ties them
together is `gdpr_requests.services.erase`.
"""

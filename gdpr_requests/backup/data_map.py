"""The part of the data map about backups."""

from privacy.datamap import PLAIN, Entry

DATA_MAP = [
    Entry(
        "gdpr_requests.LedgerMark",
        to_contact=None,
        because="Holds no one's data: a place in the ledger of erasures.",
        fields={"id": PLAIN, "position": PLAIN, "mac": PLAIN, "offset": PLAIN, "moved_at": PLAIN},
        ends="Kept: one row, moved at each start and each night.",
    ),
]

"""Outreach's part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

DATA_MAP = [
    Entry(
        "outreach.MailingList",
        to_contact=None,
        because="Counts only, and the colleague who exported the list.",
        fields={
            "purpose": PLAIN,
            "channel": PLAIN,
            "allowed": PLAIN,
            "refused": PLAIN,
            "created_at": PLAIN,
            "created_by": Field(Kind.PERSONAL, "communication", export=False, because="A colleague."),
        },
        ends="Deleted three years after the export.",
    )
]

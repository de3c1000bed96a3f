"""The tasks' part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_TALK = Field(Kind.PERSONAL, "communication")
_LINK = Field(Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported.")
_STAFF = Field(Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who by role.")

DATA_MAP = [
    Entry(
        "tasks.Task",
        to_contact="contact",
        fields={
            "kind": _TALK,
            "contact": _LINK,
            "title": _TALK,
            "label": _TALK,
            "about_id": _LINK,
            "assignee": _STAFF,
            "due_on": _TALK,
            "not_after": _TALK,
            "snoozed_until": _TALK,
            "period_key": PLAIN,
            "done_at": _TALK,
            "done_by": _STAFF,
            "outcome": _TALK,
            "created_at": _TALK,
            "created_by": _STAFF,
        },
        ends="Deleted with its card; without a card, a year after it is done.",
    )
]

DATA_MAP.append(
    Entry(
        "tasks.DigestSent",
        to_contact=None,
        because="A colleague and a day.",
        fields={"user": _STAFF, "day": PLAIN, "claimed_at": PLAIN, "sent_at": PLAIN, "attempts": PLAIN},
        ends="Deleted after a year.",
    )
)

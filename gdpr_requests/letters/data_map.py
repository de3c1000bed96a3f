"""The letters' part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_SAYS = Field(Kind.PERSONAL, "communication")
_WHO = Field(Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who by role.")
_LINK = Field(
    Kind.PERSONAL, "identity", export=False, because="The row's way to its card or request, which is exported."
)

DATA_MAP = [
    Entry(
        "gdpr_requests.Letter",
        to_contact="contact",
        fields={
            "kind": _SAYS,
            "language": _SAYS,
            "request": _LINK,
            "contact": _LINK,
            "subject": _SAYS,
            "body": _SAYS,
            "to_address": Field(Kind.IDENTIFYING, "contact"),
            "to_email": Field(Kind.IDENTIFYING, "contact"),
            "recipient": _SAYS,
            "event": _SAYS,
            "created_at": _SAYS,
            "created_by_id": _WHO,
            "queued_at": PLAIN,
            "claimed_at": PLAIN,
            "attempts": PLAIN,
            "failure": PLAIN,
            "sent_at": _SAYS,
            "sent_by_id": _WHO,
            "sent_via": _SAYS,
        },
        ends="Deleted with its card. One that belongs to a request stays with it, under the request's key, and is "
        "deleted with it.",
    ),
    Entry(
        "gdpr_requests.LetterTemplate",
        to_contact=None,
        fields={
            "kind": PLAIN,
            "language": PLAIN,
            "subject": PLAIN,
            "body": PLAIN,
            "is_edited": PLAIN,
            "changed_at": PLAIN,
        },
        ends="Kept; holds the wording of letters and no one's data.",
    ),
]

"""The deliveries' part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_TOLD = Field(Kind.PERSONAL, "communication")
_WAY = Field(Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported.")
_KEY = Field(
    Kind.PERSONAL, "communication", export=False, because="A key to the copy itself, which the person holds already."
)

DATA_MAP = [
    Entry(
        "gdpr_requests.CopyDelivery",
        to_contact="contact",
        fields={
            "contact": _WAY,
            "request": _WAY,
            "variant": _TOLD,
            "language": _TOLD,
            "token": _KEY,
            "token_digest": _KEY,
            "code": _KEY,
            "storage_name": PLAIN,
            "size": _TOLD,
            "left_out": _TOLD,
            "created_at": _TOLD,
            "created_by_id": Field(
                Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who by role."
            ),
            "ends_at": _TOLD,
            "wrong_codes": _TOLD,
            "fetched_at": _TOLD,
            "ended_at": _TOLD,
            "end_reason": _TOLD,
        },
        ends="The copy goes when its time runs out (30 days at most); the row with its card, or a year later.",
    )
]

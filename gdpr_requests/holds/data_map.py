"""The holds' part of the data map."""

from privacy.datamap import Entry, Field, Kind

_HELD = Field(Kind.PERSONAL, "history")
_COLLEAGUE = Field(Kind.PERSONAL, "history", export=False, because="A colleague: the export says who by role.")

DATA_MAP = [
    Entry(
        "gdpr_requests.LegalHold",
        to_contact="contact",
        fields={
            "contact": Field(
                Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported."
            ),
            "reason": _HELD,
            "until": _HELD,
            "placed_by_id": _COLLEAGUE,
            "placed_at": _HELD,
            "released_by_id": _COLLEAGUE,
            "released_at": _HELD,
        },
        ends="Deleted with its card.",
    ),
]

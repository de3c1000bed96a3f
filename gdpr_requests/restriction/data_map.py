"""What the data map says of restrictions."""

from privacy.datamap import Entry, Field, Kind

_ABOUT = Field(Kind.PERSONAL, "communication")
_TECH = Field(Kind.PERSONAL, "communication", export=False, because="An id that leads to another row.")
_STAFF = Field(Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who by role.")

ENTRIES = [
    Entry(
        "gdpr_requests.Restriction",
        to_contact="contact",
        fields={
            "contact": Field(
                Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported."
            ),
            "reason": _ABOUT,
            "note": _ABOUT,
            "request_id": _TECH,
            "placed_at": _ABOUT,
            "placed_by_id": _STAFF,
            "told_on": _ABOUT,
            "told_via": _ABOUT,
            "told_reference": _ABOUT,
            "told_letter_id": _TECH,
            "told_by_id": _STAFF,
            "told_recorded_at": _ABOUT,
            "lifted_at": _ABOUT,
            "lifted_by_id": _STAFF,
        },
        ends="Deleted with its card.",
    )
]

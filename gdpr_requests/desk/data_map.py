"""The register's part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_PROOF = (
    "Proof that the request was answered in time, kept to defend claims until `ends_on` (Art. 5(2), 17(3)(e)); sealed "
    "under a key of its own, which is destroyed at that end."
)
_COLLEAGUE = "A colleague: the export says who by role."


def _kept(kind: Kind, category: str) -> Field:
    return Field(kind, category, erase="keep", because=_PROOF)


_SAYS = _kept(Kind.PERSONAL, "communication")
_WHO = Field(Kind.PERSONAL, "communication", export=False, erase="keep", because=f"{_COLLEAGUE} {_PROOF}")

DATA_MAP = [
    Entry(
        "gdpr_requests.DataSubjectRequest",
        to_contact="contact",
        fields={
            "number": _SAYS,
            "right": _SAYS,
            "channel": _SAYS,
            "received_on": _SAYS,
            "language": _SAYS,
            "contact": Field(
                Kind.PERSONAL,
                "identity",
                export=False,
                erase="clear",
                because="The row's way to its card, which is exported.",
            ),
            "requester_name": _kept(Kind.IDENTIFYING, "identity"),
            "requester_address": _kept(Kind.IDENTIFYING, "contact"),
            "text": _SAYS,
            "note": _SAYS,
            "state": _SAYS,
            "assignee": _WHO,
            "opened_at": _SAYS,
            "opened_by_id": _WHO,
            "identity_method": _SAYS,
            "identity_checked_by_id": _WHO,
            "identity_checked_at": _SAYS,
            "due_on": _SAYS,
            "extended_on": _SAYS,
            "extended_due_on": _SAYS,
            "extension_reason": _SAYS,
            "extension_letter_id": PLAIN,
            "refusal_ground": _SAYS,
            "refusal_reason": _SAYS,
            "refusal_keeps": _SAYS,
            "refusal_until": _SAYS,
            "answered_at": _SAYS,
            "answered_by_id": _WHO,
            "answer_letter_id": PLAIN,
            "ends_on": _SAYS,
        },
        ends="Deleted after `ends_on`, three years after its answer by default, and its key destroyed.",
    ),
    Entry(
        "gdpr_requests.RequestEvent",
        to_contact="request__contact",
        fields={"request": PLAIN, "at": _SAYS, "actor_id": _WHO, "kind": _SAYS, "detail": _SAYS},
        ends="Deleted with its request.",
    ),
    Entry(
        "gdpr_requests.RequestCounter",
        to_contact=None,
        fields={"last": PLAIN, "year": PLAIN},
        ends="Kept: numbers of requests are never given twice.",
    ),
]

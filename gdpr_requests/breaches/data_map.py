"""The breach register's part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_PROOF = (
    "The controller documents every breach (Art. 33(5)): facts, effects, remedy. Kept until `ends_on`, sealed under a "
    "key of its own."
)
_TEXT = Field(Kind.PERSONAL, "history", export=False, erase="keep", because=_PROOF)
_STAFF = Field(Kind.PERSONAL, "staff", export=False, erase="keep", because=_PROOF)
_TOLD = Field(Kind.PERSONAL, "history")

_PLAIN = (
    "number",
    "natures",
    "happened_from",
    "happened_until",
    "became_aware_at",
    "notify_by",
    "categories",
    "people_about",
    "records_about",
    "risk",
    "decision",
    "people_decision",
    "authority_notified_at",
    "people_notified_at",
    "affected_count",
    "state",
    "recorded_at",
    "closed_at",
    "ends_on",
)
_SEALED = (
    "title",
    "facts",
    "effects",
    "remedy",
    "plain_words",
    "people_kinds",
    "risk_reason",
    "decision_reason",
    "authority_reference",
    "delay_reason",
)

BREACHES = [
    Entry(
        "gdpr_requests.Breach",
        to_contact=None,
        because="About an event. Its texts may touch people; whose data it was stands in AffectedContact.",
        fields={**dict.fromkeys(_PLAIN, PLAIN), **dict.fromkeys(_SEALED, _TEXT), "recorded_by_id": _STAFF},
        ends="Deleted after `ends_on`, five years after it was closed; never before.",
    ),
    Entry(
        "gdpr_requests.AffectedContact",
        to_contact="contact",
        fields={
            "breach": _TOLD,
            "contact": Field(
                Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported."
            ),
            "found_by": _TOLD,
            "found_at": _TOLD,
            "found_by_id": Field(
                Kind.PERSONAL, "history", export=False, because="A colleague: the export says who by role."
            ),
            "told_at": _TOLD,
        },
        ends="Deleted with its card, or with the breach.",
    ),
    Entry(
        "gdpr_requests.BreachCounter",
        to_contact=None,
        fields={"last": PLAIN, "year": PLAIN},
        ends="Kept: numbers of breaches are never given twice.",
    ),
]

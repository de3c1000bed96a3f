"""The consents' part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_WHY = Field(Kind.PERSONAL, "communication")
_REF = Field(Kind.PERSONAL, "contract")
_LINK = Field(Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported.")
_STAFF = Field(
    Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who looked and wrote by role."
)
_TECH = Field(Kind.PERSONAL, "communication", export=False, because="A hash or number that only proves its row.")
_DERIVED = Field(
    Kind.PERSONAL, "communication", export=False, because="Derived from the consent events, which are exported."
)
_VITAL = Field(Kind.SPECIAL, "health")
# The parts of a balancing test.
STEPS = (
    *("interest", "benefit", "importance", "necessity", "proportion", "gentler_way", "sensitivity", "relationship"),
    *("expectations", "impact", "children", "opt_out", "balance"),
)

DATA_MAP = [
    Entry(
        "consents.BalancingTest",
        to_contact=None,
        because="Names the colleague who wrote the test; says nothing of contacts.",
        fields={
            "name": PLAIN,
            "dated": PLAIN,
            "outcome": PLAIN,
            "owner": _STAFF,
            "review_on": PLAIN,
            "version": PLAIN,
            "replaces": PLAIN,
            **dict.fromkeys(STEPS, PLAIN),
        },
        ends="Kept while a purpose or ground rests on it.",
    ),
    Entry(
        "consents.Purpose",
        to_contact=None,
        because="Names the colleague responsible; says nothing of contacts.",
        fields=dict.fromkeys(
            (
                "slug",
                "name",
                "description",
                "basis",
                "legal_reference",
                "categories",
                "people",
                "recipients",
                "transfers",
                "retention_months",
                "retention_reason",
                "start_event",
                "lead_days",
                "channels",
                "is_marketing",
                "product_line",
                "existing_customer",
                "special_condition",
                "balancing_test",
                "is_active",
            ),
            PLAIN,
        )
        | {"owner": _STAFF},
        ends="Kept while any ground or consent refers to it.",
    ),
    Entry(
        "consents.NoticeVersion",
        to_contact=None,
        because="Names the colleague who published the text; says nothing of contacts.",
        fields={
            "purpose": PLAIN,
            "language": PLAIN,
            "version": PLAIN,
            "text": PLAIN,
            "sha256": PLAIN,
            "is_material": PLAIN,
            "created_at": PLAIN,
            "created_by_id": _STAFF,
        },
        ends="Kept as long as its purpose: it is the proof of what people were shown.",
    ),
    Entry(
        "consents.LegalGround",
        to_contact="subject__contact",
        fields={
            "subject": _LINK,
            "purpose": _WHY,
            "basis": _WHY,
            "source": _WHY,
            "source_detail": _WHY,
            "method": _WHY,
            "reference": _REF,
            "statute": _WHY,
            "vital_whose": _VITAL,
            "vital_why_no_consent": _VITAL,
            "public_task": _WHY,
            "public_act": _WHY,
            "balancing_test": _WHY,
            "valid_from": _WHY,
            "valid_until": _WHY,
            "halted_at": _WHY,
            "ended_at": _WHY,
            "end_reason": _WHY,
            "created_at": _WHY,
            "created_by": _STAFF,
        },
        ends="Deleted with its card.",
    ),
    Entry(
        "consents.ConsentEvent",
        to_contact="subject__contact",
        fields={
            "subject": _LINK,
            "sequence": _TECH,
            "purpose": _WHY,
            "channel": _WHY,
            "kind": _WHY,
            "method": _WHY,
            "notice": _WHY,
            "address": Field(Kind.IDENTIFYING, "contact"),
            "evidence_reference": _WHY,
            "evidence_file_id": _TECH,
            "is_weak": _WHY,
            "occurred_at": _WHY,
            "valid_until": _WHY,
            "recorded_at": _WHY,
            "recorded_by_id": _STAFF,
            "mac": _TECH,
        },
        ends="Erased with its subject, under a release.",
    ),
    Entry(
        "consents.Consent",
        to_contact="subject__contact",
        fields={
            "subject": _LINK,
            "purpose": _WHY,
            "channel": _WHY,
            "state": _WHY,
            "given_at": _DERIVED,
            "valid_until": _DERIVED,
            "is_weak": _DERIVED,
            "address_digest": _DERIVED,
            "notice": _DERIVED,
            "method": _DERIVED,
            "objected_at": _DERIVED,
            "confirmed_at": _DERIVED,
            "last_event_id": _DERIVED,
            "last_event_at": _DERIVED,
            "recorded_by_id": _STAFF,
        },
        ends="Deleted with its card; rebuilt from the events at any time.",
    ),
    Entry(
        "consents.Objection",
        to_contact="subject__contact",
        fields={
            "subject": _LINK,
            "purpose": _WHY,
            "event_id": _TECH,
            "request_id": _TECH,
            "reason": _WHY,
            "raised_at": _WHY,
            "recorded_by_id": _STAFF,
            "outcome": _WHY,
            "decision": _WHY,
            "decided_at": _WHY,
            "decided_by_id": _STAFF,
        },
        ends="Deleted with its card.",
    ),
    Entry(
        "consents.Suppression",
        to_contact=None,
        because="A keyed hash of an address, personal data all the same: kept only to leave the address alone.",
        fields={
            "digest": Field(
                Kind.PERSONAL,
                "contact",
                erase="keep",
                because="So that an objection or erasure stays honoured (Art. 21(3)); ends on `ends_on`.",
            ),
            "key_version": PLAIN,
            "kind": PLAIN,
            "scope": PLAIN,
            "purpose": PLAIN,
            "reason": PLAIN,
            "is_named": PLAIN,
            "created_at": PLAIN,
            "ends_on": PLAIN,
        },
        ends="Deleted after `ends_on`.",
    ),
]

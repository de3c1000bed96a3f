"""What the audit record is to a person."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_WHY = (
    "The record proves who saw and changed the data (Art. 5(2), 32 GDPR); it holds random ids and names of fields "
    "only, and its oldest rows are pruned after the period set for the installation."
)
_KEPT = Field(Kind.PERSONAL, "history", erase="keep", because=_WHY)

DATA_MAP = [
    Entry(
        "audit.AuditEvent",
        to_contact="contact_id",
        fields={
            "uid": PLAIN,
            "at": _KEPT,
            "actor_id": Field(Kind.PERSONAL, "history", export=False, erase="keep", because=_WHY),
            "action": _KEPT,
            "target_type": _KEPT,
            "target_id": Field(Kind.PERSONAL, "history", export=False, erase="keep", because=_WHY),
            "contact_id": _KEPT,
            "fields": _KEPT,
            "detail": _KEPT,
            "mac": PLAIN,
        },
        ends="Pruned oldest first when the audit period of the installation ends.",
    ),
    Entry(
        "audit.AuditLink",
        to_contact=None,
        fields={"position": PLAIN, "event": PLAIN, "mac": PLAIN},
        ends="Pruned together with its event.",
    ),
    Entry(
        "audit.AuditCheckpoint",
        to_contact=None,
        fields={"position": PLAIN, "head": PLAIN, "at": PLAIN, "mac": PLAIN},
        ends="Replaced by the next pruning.",
    ),
]

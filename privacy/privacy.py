"""The ground floor's own part of the data map: keys say nothing about anybody, but they lead to a subject."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_SUBJECT = Field(
    Kind.PERSONAL, "identity", export=False, because="A random number; it is exported with the card that it leads to."
)

DATA_MAP = [
    Entry(
        "privacy.SubjectKey",
        to_contact=None,
        because="Reached through the subjects of the card; erasure destroys the key itself.",
        fields={"subject_id": _SUBJECT, "retention_class": PLAIN, "secret": PLAIN, "created_at": PLAIN},
        ends="Destroyed by erasure, together with the last row that it seals.",
    ),
    Entry(
        "privacy.SystemKey",
        to_contact=None,
        fields={"name": PLAIN, "version": PLAIN, "secret": PLAIN, "created_at": PLAIN},
        ends="Kept as long as the installation: old versions are needed to check old digests.",
    ),
    Entry(
        "privacy.Release",
        to_contact=None,
        because="Reached through the subjects of the card, and gone at the end of the erasing transaction.",
        fields={"subject_id": _SUBJECT, "opened_at": PLAIN},
        ends="Removed at the end of the transaction that opened it.",
    ),
]

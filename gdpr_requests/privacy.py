"""The desk's part of the data map."""

from gdpr_requests.accountability.data_map import ENTRIES as ACCOUNTABILITY
from gdpr_requests.backup.data_map import DATA_MAP as BACKUP
from gdpr_requests.breaches.data_map import BREACHES
from gdpr_requests.delivery import data_map as delivery
from gdpr_requests.desk import data_map as desk
from gdpr_requests.holds.data_map import DATA_MAP as _HOLDS
from gdpr_requests.letters import data_map as letters
from gdpr_requests.restriction import data_map as restriction
from privacy.datamap import PLAIN, Entry, Field, Kind

_PROOF = (
    "Proof that the person was erased (Art. 5(2), 17(3)(e)): random ids that lead nowhere any more, codes and counts."
)
_WHOSE = "Holds no one's data: the erased are known by ids that lead nowhere any more."
_ID = Field(Kind.PERSONAL, "history", export=False, erase="keep", because=_PROOF)
_CODE = Field(Kind.PERSONAL, "history", export=False, erase="keep", because=_PROOF)
_TOLD = Field(Kind.PERSONAL, "communication")
_DUTY = Field(
    Kind.PERSONAL,
    "identity",
    export=False,
    erase="keep",
    because="A legal duty keeps it beyond the erasure, until the day in `until` (Art. 17(3)(b)).",
)

DATA_MAP = [
    *BREACHES,
    *_HOLDS,
    *restriction.ENTRIES,
    Entry(
        "gdpr_requests.ErasureRun",
        to_contact=None,
        because=_WHOSE,
        fields={
            "origin": PLAIN,
            "state": PLAIN,
            "requested_by_id": Field(Kind.PERSONAL, "staff", export=False, erase="keep", because=_PROOF),
            "requested_at": PLAIN,
            "decided_by_id": Field(Kind.PERSONAL, "staff", export=False, erase="keep", because=_PROOF),
            "decided_at": PLAIN,
            "finished_at": PLAIN,
        },
        ends="Kept as long as the certificates of its erasures.",
    ),
    Entry(
        "gdpr_requests.ErasureItem",
        to_contact=None,
        because=_WHOSE,
        fields={
            "run": PLAIN,
            "contact_id": _ID,
            "subject_ids": _ID,
            "state": PLAIN,
            "reason": _CODE,
            "certificate": PLAIN,
            "erased_at": _CODE,
            "counts": _CODE,
            "kept": _CODE,
            "recipients": PLAIN,
            "checked_at": PLAIN,
            "check_result": PLAIN,
            "unfinished": PLAIN,
            "request_id": _ID,
            "problem": PLAIN,
            "attempts": PLAIN,
            "due_at": PLAIN,
            "held_until": PLAIN,
            "touched_at": PLAIN,
        },
        ends="Deleted after ten years, the longest time for claims (Act 89/2012, § 636), once the ledger lets go.",
    ),
    Entry(
        "gdpr_requests.ErasedAddress",
        to_contact=None,
        because=_WHOSE,
        fields={"old_id": _ID, "item": PLAIN},
        ends="Deleted with its erasure.",
    ),
    Entry(
        "gdpr_requests.CertificateCounter",
        to_contact=None,
        fields={"last": PLAIN, "year": PLAIN},
        ends="Kept: numbers of certificates are never given twice.",
    ),
    Entry(
        "gdpr_requests.RecipientNotice",
        to_contact="contact",
        fields={
            "contact": Field(
                Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported."
            ),
            "recipient": _TOLD,
            "event": _TOLD,
            "fields": _TOLD,
            "letter": PLAIN,
            "told_at": _TOLD,
            "told_by_id": Field(
                Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who by role."
            ),
        },
        ends="Deleted with its card.",
    ),
    Entry(
        "gdpr_requests.RetainedRecord",
        to_contact=None,
        because="What remains of the erased, apart from every card; reached by its own end only.",
        fields={
            "item": PLAIN,
            "subject_id": _DUTY,
            "purpose": PLAIN,
            "categories": PLAIN,
            "because": PLAIN,
            "until": PLAIN,
            "content": _DUTY,
            "storage_name": PLAIN,
            "created_at": PLAIN,
        },
        ends="Deleted after `until`, with its key.",
    ),
    *ACCOUNTABILITY,
    *BACKUP,
]

DATA_MAP += desk.DATA_MAP
DATA_MAP += letters.DATA_MAP
DATA_MAP += delivery.DATA_MAP

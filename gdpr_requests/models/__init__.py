"""What the desk keeps: requests, erasures with their certificates, and what the law does not let go yet."""

from gdpr_requests.models.accountability import InspectionPack, PublishedNotice, SecurityMeasure
from gdpr_requests.models.backup import LedgerMark
from gdpr_requests.models.breaches import AffectedContact, Breach, BreachCounter
from gdpr_requests.models.deliveries import CopyDelivery
from gdpr_requests.models.erasure import CertificateCounter, ErasedAddress, ErasureItem, ErasureReason, ErasureRun
from gdpr_requests.models.holds import LegalHold
from gdpr_requests.models.letters import Letter, LetterKind, LetterLanguage, LetterTemplate, NoticeEvent
from gdpr_requests.models.recipients import RecipientNotice
from gdpr_requests.models.request_codes import (
    CLOSED,
    Channel,
    EventKind,
    IdentityMethod,
    RefusalGround,
    RequestState,
    Right,
)
from gdpr_requests.models.requests import DataSubjectRequest, RequestCounter, RequestEvent
from gdpr_requests.models.restriction import Restriction, RestrictionReason, ToldVia
from gdpr_requests.models.retained import RetainedRecord

__all__ = [
    "CLOSED",
    "AffectedContact",
    "Breach",
    "BreachCounter",
    "CertificateCounter",
    "Channel",
    "CopyDelivery",
    "DataSubjectRequest",
    "ErasedAddress",
    "ErasureItem",
    "ErasureReason",
    "ErasureRun",
    "EventKind",
    "IdentityMethod",
    "InspectionPack",
    "LedgerMark",
    "LegalHold",
    "Letter",
    "LetterKind",
    "LetterLanguage",
    "LetterTemplate",
    "NoticeEvent",
    "PublishedNotice",
    "RecipientNotice",
    "RefusalGround",
    "RequestCounter",
    "RequestEvent",
    "RequestState",
    "Restriction",
    "RestrictionReason",
    "RetainedRecord",
    "Right",
    "SecurityMeasure",
    "ToldVia",
]

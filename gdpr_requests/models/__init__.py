"""What the desk keeps: erasures with their certificates, and what the law does not let go yet."""

from gdpr_requests.models.erasure import CertificateCounter, ErasedAddress, ErasureItem, ErasureReason, ErasureRun
from gdpr_requests.models.recipients import RecipientNotice
from gdpr_requests.models.retained import RetainedRecord

__all__ = [
    "CertificateCounter",
    "ErasedAddress",
    "ErasureItem",
    "ErasureReason",
    "ErasureRun",
    "RecipientNotice",
    "RetainedRecord",
]

"""Numbers of certificates: one after another, none twice."""

from __future__ import annotations

from gdpr_requests.models import CertificateCounter


def next_number(year: int) -> str:
    """The next certificate number, „K-2026-000123“. Locks the counter until the transaction ends: none is skipped."""
    CertificateCounter.objects.get_or_create(year=year)
    counter = CertificateCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"K-{year}-{counter.last:06d}"


def take_number(certificate: str) -> None:
    """Make sure that a number given before a backup was restored is not given again."""
    _k, year, number = certificate.split("-")
    CertificateCounter.objects.get_or_create(year=int(year))
    CertificateCounter.objects.filter(year=int(year), last__lt=int(number)).update(last=int(number))

"""Two words of one person at once, each on another subject of their merged card: they are heard one after the other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from accounts.models import User
from consents.models import Consent, EventKind, LegalGround
from consents.services.ledger import record_event
from contacts.models import Contact
from gdpr_requests.services.merge import merge_contacts
from tasks.models import Task
from tests import make

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def merged(transactional_db, petra: User) -> Contact:
    """A card with two subjects, each with a consent to the newsletter and nothing else."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")
    kept = make.contact(petra, ground=make.consent_ground())
    other = make.contact(petra, email="jana@jinde.example", ground=make.consent_ground())
    return merge_contacts(kept=kept, other=other, take={}, actor=petra)


def test_two_refusals_on_one_merged_card_at_once_still_propose_its_erasure(merged: Contact, petra: User) -> None:
    first, second = Consent.objects.order_by("subject_id")
    said, done = threading.Event(), threading.Event()

    def refuse(consent: Consent) -> None:
        record_event(
            contact=Contact.objects.get(pk=merged.pk),
            purpose=make.purpose("newsletter"),
            kind=EventKind.REFUSED,
            evidence=make.PAPER,
            actor=petra,
            subject_id=consent.subject_id,
        )

    def meanwhile() -> None:
        said.wait(10)
        try:
            refuse(second)
        finally:
            done.set()
            connection.close()

    other = threading.Thread(target=meanwhile)
    other.start()
    with transaction.atomic():
        refuse(first)
        said.set()
        assert not done.wait(1), "the second word did not wait for the first one"
    other.join(10)
    assert LegalGround.objects.filter(ended_at__isnull=True).count() == 0
    assert Task.objects.filter(kind=Task.Kind.NO_GROUND, contact=merged).count() == 1

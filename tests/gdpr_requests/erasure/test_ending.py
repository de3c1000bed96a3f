"""Certificates end after ten years, and not before the ledger has let go of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from gdpr_requests.erased import erased_item
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.ending import end_certificates
from gdpr_requests.models import ErasureItem, ErasureRun, RetainedRecord
from gdpr_requests.services.erase import erase_contact
from tests import make
from tests.gdpr_requests.people import planted

pytestmark = pytest.mark.django_db
TEN_YEARS = dt.timedelta(days=3653)


@pytest.fixture
def old(petra) -> ErasureItem:
    item = erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)
    ErasureItem.objects.filter(pk=item.pk).update(erased_at=timezone.now() - TEN_YEARS - dt.timedelta(days=1))
    ErasureRun.objects.filter(pk=item.run_id).update(requested_at=timezone.now() - TEN_YEARS)
    return item


def test_a_certificate_ends_after_ten_years_with_its_address_and_run(old, ledger_file):
    ledger_file.unlink()  # its entries ended long ago
    assert end_certificates() == 1
    assert (ErasureItem.objects.count(), ErasureRun.objects.count(), erased_item(old.contact_id)) == (0, 0, None)
    assert end_certificates() == 0


def test_what_the_ledger_still_names_stays(old):
    assert [entry.item_id for entry in ledger.named()] == [old.pk]
    assert (end_certificates(), ErasureItem.objects.count()) == (0, 1)


def test_a_certificate_stays_while_a_duty_keeps_something_of_the_person(petra, ledger_file):
    item = erase_contact(pk=planted(petra).contact.pk, reason="requested", actor=petra)
    assert RetainedRecord.objects.filter(item=item).exists()
    ErasureItem.objects.update(erased_at=timezone.now() - TEN_YEARS - dt.timedelta(days=1))
    ledger_file.unlink()
    assert end_certificates() == 0


def test_a_young_certificate_stays(petra, ledger_file):
    erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)
    ErasureItem.objects.update(erased_at=timezone.now() - TEN_YEARS + dt.timedelta(days=2))
    ledger_file.unlink()
    assert end_certificates() == 0


def test_what_was_never_erased_is_forgotten_after_a_year(petra):
    long_ago = timezone.now() - dt.timedelta(days=400)
    run = ErasureRun.objects.create(origin="bulk", state="refused", requested_at=long_ago)
    ErasureItem.objects.create(run=run, contact_id=make.contact(petra).pk, reason="mistake", state="refused")
    ErasureItem.objects.update(touched_at=long_ago)
    assert (end_certificates(), ErasureRun.objects.count()) == (1, 0)

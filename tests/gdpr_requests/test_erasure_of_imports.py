"""An erased person is gone from the files and refused rows of imports too."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.utils import timezone

from contacts.models import Contact, EmailAddress
from gdpr_requests.services.erase import erase_contact
from intake.batch import running, services
from intake.models import ImportBatch, ImportRow
from privacy.files import store
from tests import make
from tests.gdpr_requests import stores

pytestmark = pytest.mark.django_db
FILE = "Jméno;Příjmení;E-mail\nBožena;Lípová;bozena@lipy.example\nKarel;Dub;karel@dub.example\n"


@pytest.fixture
def imported(petra):
    """`imported()` is a batch that brought both in, or refused whom the house knows already."""

    def run(text: str = FILE) -> ImportBatch:
        batch = services.take_file(stream=io.BytesIO(text.encode()), name="lidé.csv", actor=petra)
        ground = {"reference": "S-1"}
        services.start(
            batch=batch,
            purpose=make.purpose("contract"),
            source="person",
            source_detail="",
            ground=ground,
            owner=petra,
            actor=petra,
            queue=False,
        )
        return running.run(batch.pk)

    return run


def bozena() -> Contact:
    return next(e.contact for e in EmailAddress.objects.all() if e.value == "bozena@lipy.example")


def test_the_file_goes_with_the_first_person_erased_from_it(imported, petra, django_capture_on_commit_callbacks):
    batch = imported()
    assert batch.created_count == 2
    name = batch.storage_name
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=bozena().pk, reason="requested", actor=petra)
    batch.refresh_from_db()
    batch.refresh_from_db()
    assert (batch.storage_name, (store.root / name).exists()) == ("", False)
    assert "bozena@lipy" not in stores.database_opened()
    assert ImportRow.objects.filter(batch=batch).count() == 1
    assert Contact.objects.count() == 1


def test_a_refused_row_of_the_person_is_emptied(imported, petra, cizi, django_capture_on_commit_callbacks):
    from accounts.models import Installation

    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    held = make.contact(cizi, first_name="Božena", last_name="Lípová", email="bozena@lipy.example", phone=None)
    batch = imported()
    assert batch.refused_count == 1
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=held.pk, reason="requested", actor=cizi)
    assert "bozena@lipy" not in stores.database_opened() + stores.disk()
    batch.refresh_from_db()
    assert batch.storage_name == ""


def test_a_batch_without_its_file_still_ends_after_thirty_days(imported, petra, django_capture_on_commit_callbacks):
    batch = imported()
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=bozena().pk, reason="requested", actor=petra)
        assert services.purge(at=timezone.now() + dt.timedelta(days=31)) == 1
    assert ImportRow.objects.filter(batch=batch).count() == 0


def test_a_batch_that_still_runs_loses_its_file_at_its_end(imported, petra, django_capture_on_commit_callbacks):
    batch = imported()
    ImportBatch.objects.filter(pk=batch.pk).update(state="running")
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=bozena().pk, reason="requested", actor=petra)
        assert ImportBatch.objects.get(pk=batch.pk).storage_name == batch.storage_name
        running.run(batch.pk)
    assert ImportBatch.objects.get(pk=batch.pk).storage_name == ""


def test_a_later_import_keeps_nothing_of_whom_it_refuses_because_they_were_erased(
    petra, django_capture_on_commit_callbacks
):
    contact = make.contact(petra, last_name="Lípová", email="bozena@lipy.example")
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=contact.pk, reason="requested", actor=petra)
    batch = services.take_file(stream=io.BytesIO(FILE.encode()), name="lidé.csv", actor=petra)
    about = {"purpose": make.purpose("enquiry"), "source": "person", "source_detail": "", "ground": {}}
    services.start(batch=batch, owner=petra, actor=petra, queue=False, **about)
    name = batch.storage_name
    with django_capture_on_commit_callbacks(execute=True):
        batch = running.run(batch.pk)
    refused = ImportRow.objects.get(state=ImportRow.State.REFUSED)
    assert (refused.problems, refused.cells) == ([{"code": "suppressed"}], None)
    assert (batch.created_count, batch.refused_count) == (1, 1)
    batch.refresh_from_db()
    assert (batch.storage_name, (store.root / name).exists()) == ("", False)
    assert "bozena@lipy" not in stores.database_opened()

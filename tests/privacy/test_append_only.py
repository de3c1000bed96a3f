"""Tables that only grow, on whichever database the suite runs."""

from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from audit.services import record
from privacy import startup
from privacy.append_only import (
    drop_triggers_for_flush,
    install_triggers,
    missing_triggers,
    pruning,
    released,
    wanted_triggers,
)
from privacy.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return record("contact.viewed", actor=None, contact_id=uuid4())


def refused():
    return pytest.raises(IntegrityError, match="append-only")


def test_a_row_cannot_be_changed(event):
    with refused(), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(action="contact.edited")
    assert AuditEvent.objects.get().action == "contact.viewed"


def test_a_row_cannot_be_deleted(event):
    with refused(), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()
    assert AuditEvent.objects.get() == event


def test_a_row_cannot_be_replaced(event):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    for recursive in ("OFF", "ON"):  # what the settings say comes last
        with refused(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"PRAGMA recursive_triggers={recursive}")
            cursor.execute("INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent")


def test_a_table_cannot_be_truncated(event):
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditevent CASCADE")


def test_pruning_deletes_but_changes_nothing(event):
    with pruning():
        with refused(), transaction.atomic():
            AuditEvent.objects.update(action="contact.edited")
        AuditEvent.objects.all().delete()
    assert not AuditEvent.objects.exists()
    assert not Release.objects.exists()


def test_the_release_of_a_person_opens_no_table_without_people(event):
    with released([uuid4(), event.contact_id]), refused(), transaction.atomic():
        AuditEvent.objects.all().delete()


def test_a_failed_erasure_leaves_no_release_open(event):
    with pytest.raises(RuntimeError), transaction.atomic(), pruning():
        raise RuntimeError
    assert not Release.objects.exists()


def test_the_guards_are_up_after_migrating():
    assert wanted_triggers(connection)
    assert missing_triggers(connection) == []
    startup.verify()


def test_a_missing_or_reworded_guard_stops_the_start():
    drop_triggers_for_flush(connection)
    names = [trigger.name for trigger in wanted_triggers(connection)]
    assert missing_triggers(connection) == names
    with pytest.raises(ImproperlyConfigured, match="Guards of append-only tables"):
        startup.verify()
    first = wanted_triggers(connection)[0]
    with connection.cursor() as cursor:
        cursor.execute(first.create.replace("UPDATE", "INSERT").replace("DELETE OR", ""))
    assert missing_triggers(connection) == names
    install_triggers(connection)
    startup.verify()


def test_a_release_that_was_left_open_stops_the_start():
    Release.objects.create(subject_id=uuid4())
    with pytest.raises(ImproperlyConfigured, match="privacy_release is not empty"):
        startup.verify()


def test_guards_come_down_only_in_a_test_run(settings):
    settings.TESTING_FLUSH_ALLOWED = False
    with pytest.raises(ImproperlyConfigured):
        drop_triggers_for_flush(connection)
    assert missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_transactional_test_starts_empty_with_guards_and_keys(time):
    assert not AuditEvent.objects.exists()
    record("contact.viewed", actor=None)
    startup.verify()

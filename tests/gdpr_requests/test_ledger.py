"""The ledger outlives a restored backup, and a replay brings the erased to rest again."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from contacts.models import Contact
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.ledger import LedgerBroken
from gdpr_requests.erasure.scope import in_order, scope_of
from gdpr_requests.models import ErasedAddress, ErasureItem, RetainedRecord
from gdpr_requests.services.erase import erase_contact
from gdpr_requests.services.replay import replay
from privacy.models import SubjectKey
from tests import make
from tests.gdpr_requests import stores
from tests.gdpr_requests.people import PLANTED, planted

pytestmark = pytest.mark.django_db


class Backup:
    """The rows about one card as they lay in the database, to be put back as a restored backup would."""

    def __init__(self, contact, *, with_keys: bool) -> None:
        scope = scope_of(contact)
        self._rows = self._read("privacy_subjectkey", "id", scope.key_ids) if with_keys else []
        for entry in reversed(in_order()):
            by_subject = entry.to_contact.endswith("subject__contact")
            column = "subject_id" if by_subject else "id" if entry.to_contact == "id" else "contact_id"
            table = entry.get_model()._meta.db_table
            self._rows += self._read(table, column, scope.subject_ids if by_subject else scope.contact_ids)

    def _read(self, table, column, ids):
        values = [pk.hex if connection.vendor == "sqlite" else pk for pk in ids]
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}" WHERE "{column}" IN ({", ".join(["%s"] * len(ids))})', values)
            names = [item[0] for item in cursor.description]
            return [(table, names, row) for row in cursor.fetchall()]

    def restore(self) -> None:
        ErasedAddress.objects.all().delete()
        RetainedRecord.objects.all().delete()
        ErasureItem.objects.all().delete()
        with connection.cursor() as cursor:
            for table, names, row in self._rows:
                columns = ", ".join(f'"{name}"' for name in names)
                cursor.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(["%s"] * len(names))})', row)


def erase(contact, petra, capture) -> ErasureItem:
    with capture(execute=True):
        return erase_contact(pk=contact.pk, reason="requested", actor=petra)


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_restored_backup_brings_nobody_back(petra, django_capture_on_commit_callbacks, with_keys):
    contact = planted(petra).contact
    backup = Backup(contact, with_keys=with_keys)
    first = erase(contact, petra, django_capture_on_commit_callbacks)
    backup.restore()
    assert Contact.objects.filter(pk=contact.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = replay()
    assert (len(done.erased), Contact.objects.filter(pk=contact.pk).exists()) == (1, False)
    again = ErasureItem.objects.get()
    assert (again.pk, again.certificate, again.run.origin) == (first.pk, first.certificate, "replay")
    everything = stores.database_opened()
    assert PLANTED["note"] not in everything
    with django_capture_on_commit_callbacks(execute=True):
        assert replay().erased == []


def test_a_number_given_before_the_restore_is_not_given_again(petra, django_capture_on_commit_callbacks):
    from gdpr_requests.models import CertificateCounter

    contact = make.contact(petra)
    backup = Backup(contact, with_keys=True)
    first = erase(contact, petra, django_capture_on_commit_callbacks)
    backup.restore()
    CertificateCounter.objects.all().delete()
    replay()
    second = erase(make.contact(petra), petra, django_capture_on_commit_callbacks)
    assert [first.certificate[-6:], second.certificate[-6:]] == ["000001", "000002"]


def test_an_erasure_that_a_crash_cut_off_before_its_commit_is_done_by_the_replay(petra):
    contact = make.contact(petra)
    scope = scope_of(contact)
    ledger.intend(
        item_id=contact.pk,
        contact_ids=scope.contact_ids,
        subject_ids=scope.subject_ids,
        key_ids=scope.key_ids,
        reason="requested",
        certificate=f"K-{timezone.now().year}-000007",
    )
    assert len(replay().erased) == 1
    assert ErasureItem.objects.get().certificate == f"K-{timezone.now().year}-000007"


def test_an_erasure_that_a_crash_cut_off_after_its_commit_is_closed_by_the_replay(petra):
    erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)  # on_commit does not run here
    assert [line["event"] for line in ledger.lines()] == ["intent"]
    assert replay().closed == 1
    assert [line["event"] for line in ledger.lines()] == ["intent", "done"]


def test_keys_that_came_back_without_their_card_are_destroyed(petra, django_capture_on_commit_callbacks):
    contact = make.contact(petra)
    key = SubjectKey.objects.get(pk=contact.key_id)
    erase(contact, petra, django_capture_on_commit_callbacks)
    key.save(force_insert=True)
    assert (replay().keys, SubjectKey.objects.filter(pk=key.pk).exists()) == (1, False)


def test_the_ledger_holds_ids_and_codes_only(petra, ledger_file, django_capture_on_commit_callbacks):
    contact = planted(petra).contact
    erase(contact, petra, django_capture_on_commit_callbacks)
    text = ledger_file.read_text()
    assert [value for value in [*PLANTED.values(), petra.full_name, petra.email] if value in text] == []
    assert oct(ledger_file.stat().st_mode)[-3:] == "600"
    assert set(json.loads(text.splitlines()[0])) == {
        "position", "at", "event", "item", "contacts", "subjects", "keys", "reason", "certificate", "before", "mac"
    }  # fmt: skip


@pytest.fixture
def three_erasures(petra, django_capture_on_commit_callbacks):
    return [erase(make.contact(petra), petra, django_capture_on_commit_callbacks) for _ in range(3)]


def changed(lines):
    return [lines[0].replace('"requested"', '"mistake"'), *lines[1:]]


@pytest.mark.parametrize(
    "tamper",
    [
        changed,
        lambda lines: lines[1:],
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [*lines[:3], "rubbish\n", *lines[3:]],
    ],
    ids=["changed", "beginning cut", "one missing", "moved", "repeated", "rubbish"],
)
def test_a_tampered_ledger_stops_the_replay(three_erasures, ledger_file, tamper):
    ledger_file.write_text("".join(tamper(ledger_file.read_text().splitlines(keepends=True))))
    with pytest.raises(LedgerBroken):
        replay()
    with pytest.raises(CommandError, match="find out who touched it"):
        call_command("replay_erasures")


def test_a_cut_tail_shows_against_the_certificates(three_erasures, ledger_file, capsys):
    lines = ledger_file.read_text().splitlines(keepends=True)
    ledger_file.write_text("".join(lines[:-2]))
    assert replay().missing == [three_erasures[-1].certificate]
    with pytest.raises(CommandError, match="its end was cut off"):
        call_command("replay_erasures", "--json")
    assert json.loads(capsys.readouterr().out)["missing_in_ledger"] == [three_erasures[-1].certificate]


def test_a_line_torn_by_a_crash_is_cut_off_by_the_next(three_erasures, ledger_file, petra):
    whole = ledger_file.read_text()
    ledger_file.write_text(whole + '{"position":7,"event":"int')
    assert len(list(ledger.lines())) == 6
    erase_contact(pk=make.contact(petra).pk, reason="requested", actor=petra)
    assert ledger_file.read_text().startswith(whole)
    assert [line["position"] for line in ledger.lines()] == [1, 2, 3, 4, 5, 6, 7]


def test_a_long_ledger_is_appended_to_by_its_last_line(ledger_file):
    ids = [timezone.now().strftime("00000000-0000-4000-8000-%f") + f"{n:06d}" for n in range(400)]
    from uuid import UUID

    pks = [UUID(pk) for pk in ids]
    for _ in range(3):
        ledger.intend(item_id=pks[0], contact_ids=pks, subject_ids=[], key_ids=[], reason="requested", certificate="K")
    assert [line["position"] for line in ledger.lines()] == [1, 2, 3]

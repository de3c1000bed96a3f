"""Erasure is true: nothing of the person is left, anywhere, and everybody else keeps everything."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from audit.models import AuditEvent
from consents.models import LegalGround, Suppression
from consents.services.grounds import open_ground
from contacts.models import Contact, StoredFile
from gdpr_requests.erased import erased_item
from gdpr_requests.erasure import ledger
from gdpr_requests.erasure.finishing import finish_interrupted
from gdpr_requests.erasure.plan import plan_of
from gdpr_requests.erasure.residue import ResidueFound
from gdpr_requests.erasure.retention import purge_ended
from gdpr_requests.erasure.scope import in_order, rows_of, scope_of
from gdpr_requests.models import ErasureItem, RetainedRecord
from gdpr_requests.services import erase as erase_module
from gdpr_requests.services.erase import erase_contact
from privacy.datamap import collect
from privacy.errors import KeyErased, KeyMissing
from privacy.models import SubjectKey
from tests import make
from tests.gdpr_requests import stores
from tests.gdpr_requests.people import FILE_CONTENT, PLANTED, Planted, planted

# The duty of the planted card covers names and addresses; everything else has no excuse to stay.
KEPT_BY_LAW = {
    "title",
    "first name",
    "last name",
    "salutation",
    "birth date",
    "e-mail",
    "phone",
    "street",
    "town",
    "source",
}


@pytest.fixture
def zofie(petra) -> Planted:
    return planted(petra)


@pytest.fixture
def free(petra) -> Planted:
    """Žofie without any duty that keeps her data."""
    person = planted(petra)
    LegalGround.objects.filter(purpose__slug="accounting").delete()
    return person


@pytest.fixture
def erased(free, petra, django_capture_on_commit_callbacks) -> ErasureItem:
    with django_capture_on_commit_callbacks(execute=True):
        item = erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    item.refresh_from_db()
    return item


# --- nothing is left ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_planted_value_is_anywhere_after_the_erasure(free, petra, django_capture_on_commit_callbacks):
    values = [*PLANTED.values(), FILE_CONTENT.decode()]
    before = stores.database_opened()
    assert [value for value in values if value not in before and value != FILE_CONTENT.decode()] == []
    assert stores.found_by(["Žofie", "capsk", PLANTED["e-mail"], PLANTED["phone"]]) != []
    scope = scope_of(free.contact)
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    everything = "\n".join([stores.database_opened(), stores.database_as_it_lies(), stores.disk()])
    assert [value for value in values if value in everything] == []
    assert stores.found_by(["Žofie", "capsk", PLANTED["e-mail"], PLANTED["phone"]]) == []
    assert [
        (entry.model, rows_of(entry, scope).count()) for entry in in_order() if rows_of(entry, scope).exists()
    ] == []
    assert SubjectKey.objects.filter(subject_id__in=scope.subject_ids).count() == 0
    assert not (Path(settings.MEDIA_ROOT) / free.file.storage_name).exists()


@pytest.mark.django_db
def test_somebody_elses_data_stay_untouched(free, petra):
    other = planted_other(petra)
    untouched = plan_of(other)
    erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    after = plan_of(Contact.objects.get(pk=other.pk))
    assert [(g.model, g.count) for g in after.going] == [(g.model, g.count) for g in untouched.going]
    assert Contact.objects.get(pk=other.pk).last_name == "Svobodová"


def planted_other(owner) -> Contact:
    return make.contact(owner, first_name="Eva", last_name="Svobodová", email="eva@dub.example", phone="+420602333444")


@pytest.mark.django_db
def test_people_who_worked_for_an_erased_company_stay_and_work_for_nobody(petra):
    company = make.contact(petra, kind="organisation", organisation_name="Pila a. s.", first_name="", last_name="")
    worker = make.contact(petra, employer=company)
    erase_contact(pk=company.pk, reason="requested", actor=petra)
    assert Contact.objects.get(pk=worker.pk).employer_id is None


@pytest.mark.django_db
def test_a_merged_card_is_erased_under_all_its_addresses(free, petra):
    old = "11111111-1111-4111-8111-111111111111"
    free.contact.aliases.create(old_id=old)
    item = erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    assert [erased_item(free.contact.pk), erased_item(old)] == [item, item]


@pytest.mark.django_db
def test_every_table_about_contacts_goes_or_says_why_it_stays():
    going = {entry.model for entry in in_order()}
    stays = [entry for entry in collect().about_contacts() if entry.model not in going]
    assert {entry.model for entry in stays} == {
        "audit.AuditEvent",
        "gdpr_requests.DataSubjectRequest",
        "gdpr_requests.RequestEvent",
    }
    assert all(item.because for entry in stays for item in entry.fields.values() if item.kind.is_personal)


# --- all or nothing -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_erasure_that_leaves_anything_is_rolled_back_whole(free, petra, monkeypatch):
    before = [(item.model, item.count) for item in plan_of(free.contact).going]
    monkeypatch.setattr(erase_module, "destroy_keys", lambda scope: 0)
    with pytest.raises(ResidueFound, match=r"privacy\.SubjectKey: 2"):
        erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    assert [(item.model, item.count) for item in plan_of(Contact.objects.get(pk=free.contact.pk)).going] == before
    assert (ErasureItem.objects.count(), ledger.named()) == (0, [])


@pytest.mark.django_db
def test_an_erasure_that_fails_after_its_intent_is_void_in_the_ledger(free, petra, monkeypatch):
    def write_down_and_fail(scope, item):
        write_down(scope, item)
        raise IntegrityError("at the last moment")

    write_down = erase_module._write_down
    monkeypatch.setattr(erase_module, "_write_down", write_down_and_fail)
    with pytest.raises(IntegrityError):
        erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    assert [line["event"] for line in ledger.lines()] == ["intent", "void"]
    assert (Contact.objects.filter(pk=free.contact.pk).exists(), ledger.named()) == (True, [])


@pytest.mark.django_db
def test_erasing_twice_finds_nobody(erased, free, petra):
    with pytest.raises(Contact.DoesNotExist):
        erase_contact(pk=free.contact.pk, reason="requested", actor=petra)


# --- what the law keeps ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_legal_duty_keeps_its_categories_and_nothing_else(zofie, petra, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        item = erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    everything = "\n".join([stores.database_opened(), stores.disk()])
    assert {name for name, value in PLANTED.items() if value in everything} == KEPT_BY_LAW
    (record,) = RetainedRecord.objects.filter(item=item)
    today = timezone.localdate()
    assert (record.categories, record.until, record.because) == (
        ["identity", "contact", "financial"],
        dt.date(today.year + 5, 12, 31),
        "zákon č. 563/1991 Sb., § 31 odst. 2",
    )
    assert [(row["purpose"], row["until"], row["article"]) for row in item.kept] == [
        ("accounting", record.until.isoformat(), "17(3)(b)")
    ]
    classes = SubjectKey.objects.filter(subject_id=record.subject_id).values_list("retention_class", flat=True)
    assert list(classes) == ["legal"]


@pytest.mark.django_db
def test_what_the_law_kept_goes_by_itself_at_its_end_with_its_key(zofie, petra, django_capture_on_commit_callbacks):
    erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    record = RetainedRecord.objects.get()
    assert purge_ended(on=record.until) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_ended(on=record.until + dt.timedelta(days=1)) == 1
    assert (RetainedRecord.objects.count(), SubjectKey.objects.filter(subject_id=record.subject_id).count()) == (0, 0)
    assert [v for v in PLANTED.values() if v in stores.database_opened()] == []


@pytest.mark.django_db
def test_a_duty_over_documents_keeps_the_files_under_its_own_key(free, petra, django_capture_on_commit_callbacks):
    duty = make.new_purpose("archive", "legal_obligation", categories=["documents"], retention_months=12)
    open_ground(contact=free.contact, purpose=duty, actor=petra)
    with django_capture_on_commit_callbacks(execute=True):
        erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    record = RetainedRecord.objects.get(storage_name__isnull=False)
    from privacy.files import store

    assert b"".join(store.open(record.storage_name, key=record.key, row_id=record.pk)) == FILE_CONTENT
    assert record.content[0]["values"]["name"] == PLANTED["file name"]
    with django_capture_on_commit_callbacks(execute=True):
        purge_ended(on=record.until + dt.timedelta(days=1))
    assert not (store.root / record.storage_name).exists()


@pytest.mark.django_db
def test_an_ended_duty_keeps_nothing(zofie, petra):
    ground = LegalGround.objects.get(purpose__slug="accounting")
    today = timezone.localdate()
    LegalGround.objects.filter(pk=ground.pk).update(
        valid_from=today - dt.timedelta(days=30), valid_until=today - dt.timedelta(days=1)
    )
    erase_contact(pk=zofie.contact.pk, reason="requested", actor=petra)
    assert RetainedRecord.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "hashes"), [("requested", 2), ("objected", 2), ("not_needed", 0), ("mistake", 0)])
def test_addresses_are_left_alone_where_the_person_said_no(petra, reason, hashes):
    contact = make.contact(petra)
    erase_contact(pk=contact.pk, reason=reason, actor=petra)
    assert Suppression.objects.filter(scope="import", reason="erasure").count() == hashes


# --- the proof ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_erasure_is_checked_numbered_and_recorded(erased, free, petra):
    year = timezone.now().year
    assert (erased.state, erased.certificate) == ("erased", f"K-{year}-000001")
    assert erased.checked_at is not None
    assert {name: erased.check_result[name] for name in ("rows", "keys", "files")} == {"rows": 0, "keys": 0, "files": 0}
    assert erased.check_result["asked"] == sorted(entry.model for entry in collect().about_contacts())
    assert erased.counts["contacts.EmailAddress"] == 1
    assert (erased.counts["files"], erased.counts["privacy.SubjectKey"]) == (1, 2)
    event = AuditEvent.objects.get(action="erasure.done")
    assert (event.actor_id, event.contact_id) == (petra.pk, free.contact.pk)
    assert [line["event"] for line in ledger.lines()] == ["intent", "done"]


@pytest.mark.django_db
def test_numbers_follow_one_another(petra):
    numbers = [erase_contact(pk=make.contact(petra).pk, reason="mistake", actor=petra).certificate for _ in range(3)]
    year = timezone.now().year
    assert numbers == [f"K-{year}-000001", f"K-{year}-000002", f"K-{year}-000003"]


@pytest.mark.django_db
def test_a_process_that_died_after_the_commit_is_finished_later(free, petra):
    item = erase_contact(pk=free.contact.pk, reason="requested", actor=petra)  # on_commit never runs in this test
    assert ErasureItem.objects.get(pk=item.pk).checked_at is None
    assert finish_interrupted() == 1
    item.refresh_from_db()
    assert item.checked_at is not None
    assert [line["event"] for line in ledger.lines()] == ["intent", "done"]


@pytest.mark.django_db
def test_the_sweep_removes_files_that_no_row_knows(zofie, free, petra):
    import os

    from gdpr_requests.jobs import ORPHAN_AGE, sweep_files

    lost = StoredFile.objects.get(pk=free.file.pk)
    old = timezone.now().timestamp() - ORPHAN_AGE.total_seconds() - 60
    for file in StoredFile.objects.all():
        os.utime(Path(settings.MEDIA_ROOT) / file.storage_name, (old, old))
    erase_contact(pk=free.contact.pk, reason="requested", actor=petra)
    assert sweep_files() >= 1
    assert not (Path(settings.MEDIA_ROOT) / lost.storage_name).exists()
    assert (Path(settings.MEDIA_ROOT) / zofie.file.storage_name).exists()


# --- a missing key --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_missing_key_reads_as_erased_only_where_the_ledger_names_it(petra, caplog):
    gone, lost = make.contact(petra), make.contact(petra)
    ledger.intend(
        item_id=gone.pk,
        contact_ids=[gone.pk],
        subject_ids=[],
        key_ids=[gone.key_id],
        reason="requested",
        certificate="K-1",
    )
    SubjectKey.objects.filter(pk__in=[gone.key_id, lost.key_id]).delete()
    with pytest.raises(KeyErased):
        _ = Contact.objects.get(pk=gone.pk).first_name
    assert "ALARM" not in caplog.text
    with pytest.raises(KeyMissing) as error:
        _ = Contact.objects.get(pk=lost.pk).first_name
    assert not isinstance(error.value, KeyErased)
    assert "ALARM" in caplog.text
    assert "Jana" not in caplog.text


# --- commands -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_erases_and_answers_in_json(free, capsys):
    call_command("erase_contact", str(free.contact.pk), "--reason", "requested", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["certificate"] == f"K-{timezone.now().year}-000001"
    assert answer["rows"]["contacts.Contact"] == 1
    with pytest.raises(CommandError, match="was erased already: K-"):
        call_command("erase_contact", str(free.contact.pk), "--reason", "requested")


@pytest.mark.django_db
def test_the_command_takes_no_words_as_a_reason(free):
    with pytest.raises(CommandError):
        call_command("erase_contact", str(free.contact.pk), "--reason", "Žofie si to přála")


# --- the data map and the database agree ------------------------------------------------------------------------------


def test_no_table_can_stand_in_the_way_of_an_erasure():
    """A row that must point at somebody's data has to be theirs, or nobody could ever be erased."""
    going = {entry.get_model() for entry in in_order()}
    blocking = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in going and model not in going and not field.null
    ]
    assert blocking == [], "give the entry of the data map a to_contact, or let the column be null"


def test_tables_are_deleted_before_those_they_refer_to():
    order = [entry.get_model() for entry in in_order()]
    for model in order:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in order and field.related_model is not model:
                assert order.index(model) < order.index(field.related_model), field

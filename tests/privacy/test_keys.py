"""Keys: made once, proved at start, rotated while the system runs."""

import io
import json
import pickle
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, transaction

from contacts.models import Contact
from privacy import keys, startup
from privacy.checks import check_database
from privacy.errors import WrongKey
from privacy.models import SubjectKey, SystemKey
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_process():
    """Keys opened by earlier tests are forgotten, as in a process that has just started."""
    keys.forget_opened_keys()
    yield
    keys.forget_opened_keys()


def run(command, *args):
    out = io.StringIO()
    call_command(command, "--json", *args, stdout=out)
    return json.loads(out.getvalue())


# --- system keys --------------------------------------------------------------------------------------------------


def test_a_new_database_has_every_system_key():
    assert set(SystemKey.objects.values_list("name", "version")) == {(name, 1) for name in keys.SYSTEM_KEY_NAMES}
    opened = {keys.system_key(name) for name in keys.SYSTEM_KEY_NAMES}
    assert len(opened) == 4
    assert all(len(key) == 32 for key in opened)


def test_a_lost_system_key_is_an_alarm_and_is_not_silently_remade():
    SystemKey.objects.filter(name="suppression").delete()
    keys.ensure_system_keys()
    assert not SystemKey.objects.filter(name="suppression").exists()
    for raises in (keys.verify_keys, startup.verify, lambda: keys.system_key("suppression")):
        with pytest.raises(ImproperlyConfigured, match="System keys are missing in the database: suppression"):
            raises()
    SystemKey.objects.all().delete()
    SubjectKey.objects.create(subject_id=uuid4(), secret=keys.wrap(b"k" * 32))
    keys.ensure_system_keys()
    assert not SystemKey.objects.exists()


def test_old_versions_of_a_system_key_stay_usable():
    first = keys.system_key("suppression")
    SystemKey.objects.create(name="suppression", version=2, secret=keys.wrap(b"n" * 32))
    keys.forget_opened_keys()
    assert keys.system_key("suppression") == b"n" * 32
    assert keys.system_key("suppression", 1) == first


# --- the outer key ------------------------------------------------------------------------------------------------


def test_a_wrong_outer_key_stops_the_start_and_every_write(settings, other_outer_key):
    card = make.contact()
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key]
    keys.forget_opened_keys()
    for start in (keys.verify_keys, startup.verify):
        with pytest.raises(ImproperlyConfigured, match="FIELD_ENCRYPTION_KEY does not open"):
            start()
    assert [error.id for error in check_database(databases=["default"])] == ["privacy.E031"]
    for write in (
        lambda: keys.new_subject_key(subject_id=uuid4()),
        lambda: keys.subject_key_for(subject_id=uuid4()),
        lambda: make.contact(email="x@drevo.example"),
    ):
        with pytest.raises(WrongKey), transaction.atomic():
            write()
    assert Contact.objects.get() == card
    assert SubjectKey.objects.filter(retention_class="card").count() == 1


@pytest.mark.parametrize("value", [[], None, "", [""], ["short"], ["a" * 44 + "!"]])
def test_a_missing_or_malformed_outer_key_is_said_in_plain_words(settings, value):
    settings.FIELD_ENCRYPTION_KEY = value
    with pytest.raises(ImproperlyConfigured, match=r"FIELD_ENCRYPTION_KEY is (missing|not a valid key)"):
        keys.verify_keys()


def test_one_key_may_stand_without_a_list(settings):
    settings.FIELD_ENCRYPTION_KEY = settings.FIELD_ENCRYPTION_KEY[0]
    keys.verify_keys()


def test_no_message_holds_a_key(settings, other_outer_key):
    right = settings.FIELD_ENCRYPTION_KEY[0]
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key]
    with pytest.raises(ImproperlyConfigured) as caught:
        keys.verify_keys()
    assert right not in str(caught.value)
    assert other_outer_key not in str(caught.value)


# --- keys of people -----------------------------------------------------------------------------------------------


def test_a_person_has_one_key_for_each_class():
    subject = uuid4()
    card = keys.new_subject_key(subject_id=subject)
    assert card.retention_class == "card"
    assert keys.subject_key_for(subject_id=subject) == card
    proof = keys.subject_key_for(subject_id=subject, retention_class="proof")
    assert proof != card
    assert keys.subject_key_for(subject_id=subject, retention_class="proof") == proof
    with pytest.raises(IntegrityError), transaction.atomic():
        keys.new_subject_key(subject_id=subject)
    with pytest.raises(ValueError, match="retention class"):
        keys.new_subject_key(subject_id=uuid4(), retention_class="eternal")


def test_many_keys_are_made_at_once(django_assert_max_num_queries):
    subjects = [uuid4() for _ in range(500)]
    with django_assert_max_num_queries(4):
        made = keys.new_subject_keys(subjects)
    assert [key.subject_id for key in made] == subjects
    assert len({key.secret for key in made}) == 500


def test_an_opened_key_stays_on_its_instance_and_out_of_pickles():
    key = SubjectKey.objects.get(pk=keys.new_subject_key(subject_id=uuid4()).pk)
    assert key.cipher is key.cipher
    again = pickle.loads(pickle.dumps(key))
    assert "_cipher" not in again.__dict__
    assert again.cipher.open(key.cipher.seal("x", b"p"), b"p") == "x"
    with pytest.raises(TypeError):
        pickle.dumps(key.cipher)


def test_a_key_column_takes_and_shows_wrapped_keys_only():
    key = keys.new_subject_key(subject_id=uuid4())
    assert repr(key.secret) == "<wrapped key>"
    with pytest.raises(TypeError, match="wrapped key only"), transaction.atomic():
        SubjectKey(subject_id=uuid4(), secret="plain").save()
    with pytest.raises(TypeError, match="wrapped key only"), transaction.atomic():
        SubjectKey.objects.update(secret="plain")
    with pytest.raises(FieldError):
        SubjectKey.objects.filter(secret="x")


# --- rotation -----------------------------------------------------------------------------------------------------


def test_rotation_changes_the_wrapping_and_no_value(settings, other_outer_key):
    card = make.contact()
    secrets = set(SubjectKey.objects.values_list("secret", flat=True))
    total = SubjectKey.objects.count() + SystemKey.objects.count()
    old = settings.FIELD_ENCRYPTION_KEY
    assert run("rotate_keys") == {"rewrapped": 0, "already_newest": total}

    settings.FIELD_ENCRYPTION_KEY = [other_outer_key, *old]
    startup.verify()
    assert Contact.objects.get().last_name == "Nováková"
    assert run("rotate_keys", "--batch", "2") == {"rewrapped": total, "already_newest": 0}
    assert run("rotate_keys") == {"rewrapped": 0, "already_newest": total}
    assert secrets.isdisjoint(SubjectKey.objects.values_list("secret", flat=True))

    settings.FIELD_ENCRYPTION_KEY = [other_outer_key]
    startup.verify()
    assert Contact.objects.get(pk=card.pk).last_name == "Nováková"
    settings.FIELD_ENCRYPTION_KEY = old
    with pytest.raises(WrongKey):
        startup.verify()


def test_an_interrupted_rotation_is_finished_by_the_next(settings, other_outer_key):
    for _ in range(5):
        keys.new_subject_key(subject_id=uuid4())
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key, *settings.FIELD_ENCRYPTION_KEY]
    keys.new_subject_key(subject_id=uuid4())
    assert run("rotate_keys") == {"rewrapped": 9, "already_newest": 1}


def test_rotation_without_the_old_key_changes_nothing(settings, other_outer_key):
    keys.new_subject_key(subject_id=uuid4())
    before = set(SubjectKey.objects.values_list("secret", flat=True))
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key, Fernet.generate_key().decode()]
    with pytest.raises(WrongKey), transaction.atomic():
        call_command("rotate_keys")
    assert set(SubjectKey.objects.values_list("secret", flat=True)) == before


def test_the_check_of_the_database_is_quiet_on_a_sound_one():
    assert check_database(databases=["default"]) == []
    assert check_database(databases=None) == []

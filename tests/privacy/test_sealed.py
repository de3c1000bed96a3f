"""Sealed fields: what is stored, what is refused, and what is noticed."""

import copy
import datetime as dt
import pickle
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Lower
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, EmailAddress, TimelineEntry
from privacy.errors import KeyMissing, SealBroken, WrongKey
from privacy.keys import new_subject_key
from privacy.models import SubjectKey
from privacy.wrapping import Cipher, Token
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def card():
    return make.contact(birth_date=dt.date(1980, 2, 29), position="Truhlářka")


def stored(row, column):
    """What really stands in the database."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {table} WHERE id = %s", [row._meta.pk.get_db_prep_value(row.pk, connection)]
        )
        return cursor.fetchone()[0]


def store(row, column, value):
    table = row._meta.db_table
    with connection.cursor() as cursor:
        pk = row._meta.pk.get_db_prep_value(row.pk, connection)
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])


# --- round trips --------------------------------------------------------------------------------------------------


def test_the_database_holds_ciphertext_and_the_row_the_value(card):
    for column in ("first_name", "last_name", "position", "birth_date"):
        assert stored(card, column).startswith("s1."), column
    found = Contact.objects.get(pk=card.pk)
    assert (found.first_name, found.last_name, found.position) == ("Jana", "Nováková", "Truhlářka")
    assert found.birth_date == dt.date(1980, 2, 29)


def test_empty_stays_empty_so_that_constraints_can_see_it(card):
    assert stored(card, "dic") == ""
    Contact.objects.filter(pk=card.pk).update(position="", birth_date=None)
    assert (stored(card, "position"), stored(card, "birth_date")) == ("", None)
    assert Contact.objects.filter(position="", birth_date__isnull=True).get() == card


def test_the_same_value_never_looks_the_same_twice(card):
    other = make.contact(email="jina@drevo.example")
    assert stored(card, "last_name") != stored(other, "last_name")


def test_an_untouched_field_keeps_its_ciphertext(card):
    before = stored(card, "last_name")
    row = Contact.objects.get(pk=card.pk)
    row.first_name = "Hana"
    row.save()
    assert stored(card, "last_name") == before
    assert Contact.objects.get(pk=card.pk).first_name == "Hana"


def test_saving_some_fields_writes_only_them(card):
    row = Contact.objects.get(pk=card.pk)
    row.first_name, row.last_name = "Hana", "Malá"
    row.save(update_fields=["first_name"])
    found = Contact.objects.get(pk=card.pk)
    assert (found.first_name, found.last_name) == ("Hana", "Nováková")


def test_deferred_fields_load_when_they_are_read(card):
    for row in (
        Contact.objects.only("first_name").get(pk=card.pk),
        Contact.objects.defer("last_name").get(pk=card.pk),
        Contact.objects.only("id").get(pk=card.pk),
    ):
        assert (row.first_name, row.last_name) == ("Jana", "Nováková")


def test_refreshing_brings_the_stored_value_back(card):
    card.last_name = "Jiná"
    card.refresh_from_db(fields=["last_name"])
    assert card.last_name == "Nováková"
    card.last_name = "Jiná"
    card.refresh_from_db()
    assert card.last_name == "Nováková"


def test_a_copy_or_pickle_carries_ciphertext_only(card):
    row = Contact.objects.get(pk=card.pk)
    assert row.last_name == "Nováková"
    frozen = pickle.dumps(row)
    assert "Nováková".encode() not in frozen
    assert b"Jana" not in frozen
    assert pickle.loads(frozen).last_name == "Nováková"
    assert type(copy.deepcopy(row).__dict__["last_name"]) is Token
    assert copy.copy(row).last_name == "Nováková"
    assert row.last_name == "Nováková"


def test_the_key_comes_along_without_further_queries(card, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Contact.objects.get(pk=card.pk).last_name == "Nováková"
    entry = EmailAddress.objects.get(contact=card)
    with django_assert_num_queries(1):
        assert entry.contact.last_name == "Nováková"


def test_a_list_takes_the_same_number_of_queries_for_one_and_many(django_assert_num_queries):
    for number in range(5):
        make.contact(email=f"a{number}@drevo.example")
    with django_assert_num_queries(1):
        assert {row.last_name for row in Contact.objects.all()} == {"Nováková"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
def test_every_text_comes_back_as_it_went_in(text):
    cipher, place = Cipher(b"k" * 32), b"table.column:row:key"
    token = cipher.seal(text, place)
    assert cipher.open(token, place) == text
    for wrong in (b"table.column:row2:key", b"table.column2:row:key", b""):
        with pytest.raises(SealBroken):
            cipher.open(token, wrong)
    with pytest.raises(SealBroken):
        Cipher(b"j" * 32).open(token, place)


# --- the seven ways in which the plain package loses data ------------------------------------------------------------


def test_1_bulk_update_stores_values_and_not_expressions(card):
    other = make.contact(email="jina@drevo.example", last_name="Malá")
    rows = [Contact.objects.get(pk=card.pk), Contact.objects.get(pk=other.pk)]
    rows[0].last_name, rows[1].last_name = "Veliká", ""
    assert Contact.objects.bulk_update(rows, ["last_name"]) == 2
    assert [row.last_name for row in rows] == ["Veliká", ""]
    assert Contact.objects.get(pk=card.pk).last_name == "Veliká"
    assert stored(other, "last_name") == ""
    assert Contact.objects.get(pk=other.pk).first_name == "Jana"


def test_1_bulk_create_seals_every_row(card):
    rows = [TimelineEntry(key=card.key, contact=card, kind="note", body=f"Poznámka {n}") for n in range(3)]
    TimelineEntry.objects.bulk_create(rows)
    assert {row.body for row in TimelineEntry.objects.all()} == {"Poznámka 0", "Poznámka 1", "Poznámka 2"}
    assert stored(rows[0], "body").startswith("s1.")
    with pytest.raises(FieldError, match="conflict"):
        TimelineEntry.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["body"])


@pytest.mark.parametrize("value", ["Malá", models.F("first_name"), Lower(models.Value("Malá")), models.Value("Malá")])
def test_2_update_and_create_refuse_values_and_expressions(card, value):
    with pytest.raises((TypeError, FieldError)), transaction.atomic():
        Contact.objects.update(last_name=value)
    assert Contact.objects.get(pk=card.pk).last_name == "Nováková"
    if hasattr(value, "resolve_expression"):
        with pytest.raises((TypeError, FieldError, ValueError)), transaction.atomic():
            Contact.objects.create(key=card.key, source="person", last_name=value)
        card.last_name = value
        with pytest.raises((TypeError, FieldError)), transaction.atomic():
            card.save()


def test_3_a_typed_token_is_text_and_is_not_decrypted(card):
    token = stored(card, "last_name")
    field = Contact._meta.get_field("last_name")
    assert field.to_python(token) == token
    assert field.clean(token[:150], card) == token[:150]
    card.first_name = token
    card.save()
    assert Contact.objects.get(pk=card.pk).first_name == token


def test_4_a_wrong_key_never_shows_or_overwrites_ciphertext(card, settings, other_outer_key):
    before = stored(card, "last_name")
    settings.FIELD_ENCRYPTION_KEY = [other_outer_key]
    row = Contact.objects.get(pk=card.pk)
    with pytest.raises(WrongKey, match="FIELD_ENCRYPTION_KEY"):
        str(row.last_name)
    row.last_name = "Malá"
    with pytest.raises(WrongKey, match="FIELD_ENCRYPTION_KEY"), transaction.atomic():
        row.save()
    assert stored(card, "last_name") == before


def test_5_dates_are_dates_in_every_time_zone(card):
    from django.utils import timezone

    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with timezone.override(zone):
            row = Contact.objects.get(pk=card.pk)
            assert row.birth_date == dt.date(1980, 2, 29)
            row.birth_date = row.birth_date
            row.save()
    assert Contact.objects.get(pk=card.pk).birth_date == dt.date(1980, 2, 29)


@pytest.mark.parametrize(
    "lookup",
    [
        {"last_name": "Nováková"},
        {"last_name__iexact": "nováková"},
        {"last_name__in": ["Nováková"]},
        {"last_name__startswith": "Nov"},
        {"last_name__gt": "A"},
        {"last_name": models.F("first_name")},
        {"emails__value": "jana@drevo.example"},
        {"birth_date": dt.date(1980, 2, 29)},
        {"birth_date__year": 1980},
    ],
)
def test_6_lookups_are_refused_and_send_nothing_to_the_database(card, lookup, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(FieldError, match="sealed"):
        list(Contact.objects.filter(**lookup))
    with pytest.raises(FieldError, match="sealed"):
        Contact.objects.get_or_create(**lookup)


def test_6_validation_sends_no_value_to_the_database(card):
    from consents.models import LegalGround

    ground = LegalGround.objects.get(subject__contact=card)
    ground.reference = "Tajná smlouva"
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ground.validate_constraints()
    assert len(queries) > 0
    assert "Tajn" not in str(queries.captured_queries)
    ground.reference = ""
    with pytest.raises(ValidationError):
        ground.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        ground.save()


@pytest.mark.parametrize("read", [lambda rows: rows.values("last_name"), lambda rows: rows.values_list("last_name")])
def test_6_values_and_order_are_refused(card, read):
    with pytest.raises(FieldError, match="load the rows"):
        read(Contact.objects)
    with pytest.raises(FieldError, match="load the rows"):
        Contact.objects.values()
    with pytest.raises(FieldError, match="sorted"):
        Contact.objects.order_by("kind", "-last_name")
    assert Contact.objects.values_list("pk", flat=True).get() == card.pk


def test_6_values_through_a_relation_give_nothing_that_can_be_shown(card):
    token = EmailAddress.objects.values_list("contact__last_name", flat=True).get()
    assert type(token) is Token
    assert repr(token) == "<sealed>"
    for show in (str, "{}".format, lambda value: f"{value}"):
        with pytest.raises(TypeError, match="load the row"):
            show(token)


def test_7_a_value_moved_to_another_column_row_or_key_is_refused(card):
    other = make.contact(email="jina@drevo.example", last_name="Malá")
    moves = [(card, "last_name", card, "first_name"), (other, "last_name", card, "last_name")]
    for source, source_column, target, column in moves:
        original = stored(target, column)
        store(target, column, stored(source, source_column))
        with pytest.raises(SealBroken) as caught:
            getattr(Contact.objects.get(pk=target.pk), column)
        assert "Mal" not in str(caught.value)
        store(target, column, original)
    SubjectKey.objects.filter(pk=card.key_id).delete()
    store(card, "key_id", stored(other, "key_id"))
    with pytest.raises(SealBroken):
        str(Contact.objects.get(pk=card.pk).last_name)


def test_7_two_swapped_e_mails_of_one_person_are_noticed(card):
    first = EmailAddress.objects.get(contact=card)
    second = EmailAddress.objects.create(key=card.key, contact=card, value="jana@jinde.example", source="person")
    one, two = stored(first, "value"), stored(second, "value")
    store(first, "value", two)
    store(second, "value", one)
    for row in EmailAddress.objects.filter(contact=card):
        with pytest.raises(SealBroken):
            str(row.value)


@pytest.mark.parametrize("rubbish", ["Nováková", "s1.", "s1.AAAA", "s1.%%%", "gAAAAAB", "s2.AAAA"])
def test_a_value_that_was_never_sealed_is_refused(card, rubbish):
    store(card, "last_name", rubbish)
    with pytest.raises(SealBroken):
        str(Contact.objects.get(pk=card.pk).last_name)


# --- keys of rows -------------------------------------------------------------------------------------------------


def test_a_row_without_its_key_is_still_there_and_says_so(card):
    SubjectKey.objects.filter(pk=card.key_id).delete()
    assert Contact.objects.count() == 1
    row = Contact.objects.get(pk=card.pk)
    with pytest.raises(KeyMissing) as caught:
        str(row.last_name)
    assert str(card.pk) in str(caught.value)
    row.language = "en"
    row.save()
    assert stored(card, "language") == "en"
    row.last_name = "Malá"
    with pytest.raises(KeyMissing), transaction.atomic():
        row.save()
    assert Contact.objects.select_for_update().get(pk=card.pk).language == "en"


def test_a_new_key_seals_the_whole_row_again(card):
    entry = TimelineEntry.objects.create(key=card.key, contact=card, kind="note", subject="Sraz", body="V pět")
    legal = new_subject_key(subject_id=card.subject_id, retention_class="legal")
    row = TimelineEntry.objects.get(pk=entry.pk)
    row.key = legal
    row.save(update_fields=["key"])
    SubjectKey.objects.filter(pk=card.key_id).delete()
    row = TimelineEntry.objects.get(pk=entry.pk)
    assert (row.key_id, row.subject, row.body) == (legal.pk, "Sraz", "V pět")
    for refused in ({"key": legal}, {"key_id": legal.pk}):
        with pytest.raises(FieldError, match="key changes"):
            TimelineEntry.objects.update(**refused)
    with pytest.raises(FieldError, match="key changes"):
        TimelineEntry.objects.bulk_update([row], ["key"])


def test_a_row_needs_a_key(card):
    with pytest.raises(KeyMissing), transaction.atomic():
        Contact(source="person", last_name="Malá").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.bulk_create([Contact(source="person")])


def test_a_copied_row_does_not_carry_foreign_ciphertext(card):
    row = Contact.objects.get(pk=card.pk)
    row.pk, row._state.adding = uuid4(), True
    with pytest.raises(SealBroken), transaction.atomic():
        row.save()
    assert Contact.objects.count() == 1

"""What may stand in the audit record, and what may not."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from audit.mac import event_mac
from audit.models import AuditEvent
from audit.services import Row, record, record_many
from tests import make

pytestmark = pytest.mark.django_db


def test_an_event_names_who_what_when_and_which_fields(petra):
    card = make.contact(petra)
    before = timezone.now()
    event = record(
        "contact.email_changed",
        actor=petra,
        contact_id=card.pk,
        target=card,
        fields=["value", "kind"],
        detail={"count": 2, "id": card.pk, "code": "web-form", "ok": True},
    )
    event.refresh_from_db()
    assert before <= event.at <= timezone.now()
    assert (event.actor_id, event.action, event.contact_id) == (petra.pk, "contact.email_changed", card.pk)
    assert (event.target_type, event.target_id) == ("contacts.contact", str(card.pk))
    assert event.fields == ["kind", "value"]
    assert event.detail == {"count": 2, "id": str(card.pk), "code": "web-form", "ok": True}
    assert bytes(event.mac) == event_mac(event)


@pytest.mark.parametrize("value", ["Jana Nováková", "jana@drevo.example", "Jana", "", "a" * 65, 1.5, None, ["x"], b"x"])
def test_no_value_gets_in_through_the_detail(value):
    with pytest.raises(ValueError, match="never values") as caught:
        record("contact.viewed", actor=None, detail={"note": value})
    assert "Jana" not in str(caught.value)
    with pytest.raises(ValueError, match="never values"):
        record("contact.viewed", actor=None, detail={"Jana Nováková": 1})
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("name", ["Jana Nováková", "jana@drevo.example", "420603111222", "", "x" * 81, 5])
def test_no_value_gets_in_as_the_name_of_a_field(name):
    with pytest.raises(ValueError, match="never values"):
        record("contact.viewed", actor=None, fields=[name])


@pytest.mark.parametrize("action", ["viewed", "Contact.viewed", "contact.viewed Jana", "contact.", "a." + "b" * 79])
def test_an_action_reads_room_and_what_happened(action):
    with pytest.raises(ValueError, match=r"room\.what_happened"):
        record(action, actor=None)


def test_a_word_is_not_taken_for_a_list_of_fields():
    with pytest.raises(ValueError, match="list of names"):
        record("contact.viewed", actor=None, fields="email")


def test_a_batch_writes_one_event_each_in_few_statements(petra, django_assert_max_num_queries):
    ids = [uuid4() for _ in range(300)]
    with django_assert_max_num_queries(5):
        assert record_many("consent.expired", actor=petra, rows=[Row(contact_id=pk) for pk in ids]) == 300
    events = AuditEvent.objects.filter(action="consent.expired")
    assert {event.contact_id for event in events} == set(ids)
    assert all(bytes(event.mac) == event_mac(event) for event in events)


def test_recording_is_one_statement(petra, django_assert_num_queries):
    record("contact.viewed", actor=petra)
    with django_assert_num_queries(1):
        record("contact.viewed", actor=petra)


def test_the_record_is_read_by_card_by_colleague_and_by_time(petra, tomas):
    mine, other = uuid4(), uuid4()
    first = record("contact.viewed", actor=petra, contact_id=mine)
    second = record("contact.viewed", actor=tomas, contact_id=other)
    assert list(AuditEvent.objects.for_contact([mine])) == [first]
    assert list(AuditEvent.objects.by_actor(tomas.pk)) == [second]
    assert list(AuditEvent.objects.between(first.at, second.at)) == [first]
    assert list(AuditEvent.objects.between(second.at, second.at + timedelta(seconds=1)).by_actor(petra.pk)) == []


def test_the_mac_covers_every_column_that_says_something():
    event = record("contact.viewed", actor=None, contact_id=uuid4(), fields=["a"], detail={"n": 1})
    changes = {
        "uid": uuid4(),
        "at": event.at + timedelta(microseconds=1),
        "actor_id": uuid4(),
        "action": "contact.edited",
        "target_type": "x",
        "target_id": "x",
        "contact_id": UUID(int=0),
        "fields": ["b"],
        "detail": {"n": 2},
    }
    assert {*changes, "id", "mac"} == {field.name for field in AuditEvent._meta.concrete_fields}
    for name, value in changes.items():
        changed = AuditEvent.objects.get(pk=event.pk)
        setattr(changed, name, value)
        assert event_mac(changed) != bytes(event.mac), name

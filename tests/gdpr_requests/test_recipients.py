"""Whoever got the data is told of a correction, and it can be seen that they were (Art. 19)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from consents.services.grounds import open_ground
from contacts.models import Contact, EmailAddress
from contacts.services.correct import correct_card, set_channels, set_tags
from gdpr_requests.models import RecipientNotice
from gdpr_requests.recipients import pending, recipients_of
from gdpr_requests.services.recipients import note_told, plan_notices
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
OFFICE, ADVISER = "finanční úřad", "účetní a daňový poradce"


@pytest.fixture
def jana(petra) -> Contact:
    """Jana's invoices go to the tax office and to the accountant."""
    contact = make.contact(petra)
    open_ground(contact=contact, purpose=make.purpose("accounting"), actor=petra)
    return contact


def waiting(contact) -> dict[str, list[str]]:
    return {one.recipient.name: one.fields for one in pending(contact)}


def test_recipients_are_those_that_the_purposes_of_standing_grounds_name(jana, petra):
    found = recipients_of(jana)
    assert [(one.name, one.purposes, one.categories) for one in found] == [
        (OFFICE, ["Účetnictví"], {"identity", "contact", "financial"}),
        (ADVISER, ["Účetnictví"], {"identity", "contact", "financial"}),
    ]
    assert recipients_of(make.contact(petra)) == []


def test_a_correction_names_who_has_to_be_told_and_of_what(jana, petra):
    assert waiting(jana) == {}
    correct_card(contact=jana, values={"last_name": "Novotná", "position": "ředitelka"}, actor=petra)
    set_channels(contact=jana, model=EmailAddress, rows=[{"value": "nova@drevo.example"}], actor=petra)
    # Her position is no data of the tax office.
    expected = ["last_name", "emails.added", "emails.removed"]
    assert waiting(jana) == {OFFICE: expected, ADVISER: expected}


def test_what_is_no_value_of_hers_concerns_nobody(jana, petra, tomas):
    set_tags(contact=jana, names=["VIP"], actor=petra)
    correct_card(contact=jana, values={"owner_id": tomas.pk, "language": "en"}, actor=petra)
    assert waiting(jana) == {}


def test_corrections_from_before_they_got_the_data_concern_nobody(petra):
    contact = make.contact(petra)
    correct_card(contact=contact, values={"last_name": "Novotná"}, actor=petra)
    open_ground(contact=contact, purpose=make.purpose("accounting"), actor=petra)
    assert waiting(contact) == {}


def test_who_was_told_waits_no_longer_and_it_is_recorded(jana, petra):
    correct_card(contact=jana, values={"last_name": "Novotná"}, actor=petra)
    assert note_told(contact=jana, names=[OFFICE], actor=petra) == 1
    assert waiting(jana) == {ADVISER: ["last_name"]}
    notice = RecipientNotice.objects.get()
    assert (notice.recipient, notice.fields, notice.told_by_id) == (OFFICE, ["last_name"], petra.pk)
    event = AuditEvent.objects.get(action="recipients.notified")
    assert (event.contact_id, event.fields, event.detail) == (jana.pk, ["last_name"], {"recipients": 1})
    correct_card(contact=jana, values={"first_name": "Johana"}, actor=petra)
    assert waiting(jana) == {OFFICE: ["first_name"], ADVISER: ["last_name", "first_name"]}


def test_one_task_for_each_round_of_corrections(jana, petra):
    since = timezone.now() - dt.timedelta(days=1)
    assert plan_notices(since=since) == 0
    correct_card(contact=jana, values={"last_name": "Novotná"}, actor=petra)
    assert [plan_notices(since=since), plan_notices(since=since)] == [1, 0]
    correct_card(contact=jana, values={"first_name": "Johana"}, actor=petra)
    assert plan_notices(since=since) == 0
    task = Task.objects.get(kind=Task.Kind.NOTIFY)
    assert (task.assignee, task.contact) == (petra, jana)
    note_told(contact=jana, names=[OFFICE], actor=petra)
    assert Task.objects.open().filter(pk=task.pk).exists()
    note_told(contact=jana, names=[ADVISER], actor=petra)
    task.refresh_from_db()
    assert (task.outcome, task.done_by) == ("done", petra)
    correct_card(contact=jana, values={"first_name": "Jana"}, actor=petra)
    assert plan_notices(since=since) == 1


def test_the_card_asks_right_after_the_correction_and_takes_the_answer(jana, petra, client_of):
    client, url = client_of(petra), f"/contacts/{jana.pk}/"
    assert OFFICE not in client.get(url).content.decode().split('id="grounds"')[0]
    correct_card(contact=jana, values={"last_name": "Novotná"}, actor=petra)
    page = client.get(url).content.decode()
    assert f'value="{OFFICE}"' in page
    answer = client.post(f"{url}recipients/", {"told": [OFFICE, ADVISER]})
    assert (answer.status_code, answer["Location"], waiting(jana)) == (302, url, {})
    assert f'value="{OFFICE}"' not in client.get(url).content.decode()


def test_the_page_names_them_and_since_when(jana, petra, client_of):
    page = client_of(petra).get(f"/contacts/{jana.pk}/recipients/").content.decode()
    assert (OFFICE in page, ADVISER in page, "Účetnictví" in page) == (True, True, True)

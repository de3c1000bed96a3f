"""People whose data came from elsewhere are informed within a month, at the latest with the first message (Art. 14)."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from consents.periods import add_months
from contacts.models import Contact, Source
from contacts.services.correct import correct_card
from contacts.services.timeline import add_entry
from gdpr_requests.letters.duty import Watched, watch
from gdpr_requests.letters.services import draft_letter, send_letter
from gdpr_requests.models import Letter
from intake.models import ImportBatch, ImportRow
from privacy.keys import subject_key_for
from tasks.models import Task
from tasks.services import HOUSE, create_task
from tests import make

pytestmark = pytest.mark.django_db
NOTHING = Watched(planned=0, hastened=0, closed=0)


def duties(contact: Contact) -> list[tuple[dt.date, str]]:
    """Day and outcome of each task to inform the person."""
    tasks = Task.objects.filter(contact=contact, kind=Task.Kind.INFORM)
    return list(tasks.values_list("due_on", "outcome"))


def informed(contact: Contact, actor) -> Letter:
    return send_letter(letter=draft_letter(kind="indirect", contact=contact, actor=actor), via="post", actor=actor)


@pytest.fixture
def month() -> dt.date:
    return add_months(timezone.localdate(), 1)


def test_each_gets_exactly_one_task_however_often_the_watch_runs(petra, month):
    recommended = make.contact(petra, source=Source.REFERRAL)
    own = make.contact(petra, source=Source.PERSON, email="eva@drevo.example")
    assert [watch(), watch()] == [NOTHING, NOTHING]
    assert (duties(recommended), duties(own)) == ([(month, "")], [])


def test_a_source_that_is_corrected_later_makes_the_duty(petra, month):
    contact = make.contact(petra)
    correct_card(contact=contact, values={"source": Source.PUBLIC_WEB}, actor=petra)
    assert [watch(), watch()] == [Watched(planned=1, hastened=0, closed=0), NOTHING]
    assert duties(contact) == [(month, "")]
    assert Task.objects.get(kind=Task.Kind.INFORM).assignee == petra


def test_the_letter_closes_the_duty_and_no_other_comes(petra, month):
    contact = make.contact(petra, source=Source.REFERRAL)
    letter = informed(contact, petra)
    assert "Doporučení od někoho jiného" in letter.body or "Doporučení" in letter.body
    assert duties(contact) == [(month, "done")]
    assert watch() == NOTHING


def test_whoever_was_informed_before_the_duty_was_noticed_gets_no_task(petra):
    contact = make.contact(petra)
    informed(contact, petra)
    correct_card(contact=contact, values={"source": Source.EMPLOYER}, actor=petra)
    assert (watch(), duties(contact)) == (NOTHING, [])


def test_the_first_message_to_the_person_brings_the_day_forward(petra):
    contact = make.contact(petra, source=Source.REFERRAL)
    add_entry(contact=contact, kind="email", direction="in", actor=petra)
    assert watch() == NOTHING
    add_entry(contact=contact, kind="call", direction="out", actor=petra)
    assert [watch(), watch()] == [Watched(planned=0, hastened=1, closed=0), NOTHING]
    assert duties(contact) == [(timezone.localdate(), "")]


def test_a_firm_is_no_person(petra):
    contact = make.contact(petra, kind="organisation", organisation_name="Firma s. r. o.", source=Source.PERSON)
    correct_card(contact=contact, values={"source": Source.PUBLIC_REGISTER}, actor=petra)
    assert (watch(), duties(contact)) == (NOTHING, [])


def test_the_one_task_of_an_import_closes_with_its_last_letter(petra):
    people = [make.contact(petra, email=f"k{number}@drevo.example") for number in range(2)]
    Contact.objects.update(source=Source.PARTNER)
    batch = ImportBatch.objects.create(
        key=subject_key_for(subject_id=HOUSE), file_name="lidé.csv", size=1, kind="csv", source=Source.PARTNER
    )
    for number, contact in enumerate(people):
        ImportRow.objects.create(key=contact.key, batch=batch, number=number, state="created", contact=contact)
    task = create_task(title="Informovat", assignee=petra, due_on=timezone.localdate(), actor=petra)
    Task.objects.filter(pk=task.pk).update(kind=Task.Kind.INFORM, about_id=batch.pk)
    assert watch() == NOTHING
    informed(people[0], petra)
    assert watch() == NOTHING
    informed(people[1], petra)
    assert [watch(), watch()] == [Watched(planned=0, hastened=0, closed=1), NOTHING]


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_eight_watches_at_once_make_one_task_each(petra):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")
    for number in range(20):
        make.contact(petra, email=f"k{number}@drevo.example")
    Contact.objects.update(source=Source.PUBLIC_WEB)
    start, done = threading.Barrier(8), []

    def run() -> None:
        start.wait()
        done.append(watch().planned)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(done), Task.objects.filter(kind=Task.Kind.INFORM).count()) == (20, 20)

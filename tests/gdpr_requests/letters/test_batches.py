"""Everybody of an import is written to by one click, and nobody twice (Art. 14)."""

from __future__ import annotations

import pytest
from django.core import mail

from contacts.models import Contact, Source
from gdpr_requests.letters.batches import Standing, ask_to_inform, inform_batch, standing
from gdpr_requests.letters.duty import watch
from gdpr_requests.models import Letter
from intake.models import ImportBatch, ImportRow
from privacy.keys import subject_key_for
from tasks.models import Task
from tasks.services import HOUSE, create_task
from tests import make


@pytest.fixture
def batch(manager) -> ImportBatch:
    """Three people got from a partner: one has no e-mail. One task watches over them."""
    found = ImportBatch.objects.create(
        key=subject_key_for(subject_id=HOUSE),
        file_name="lidé.csv",
        size=1,
        kind="csv",
        source=Source.PARTNER,
        created_by=manager,
        state="done",
    )
    for number in range(3):
        email = f"k{number}@drevo.example" if number else None
        contact = make.contact(manager, email=email)
        Contact.objects.filter(pk=contact.pk).update(source=Source.PARTNER)
        ImportRow.objects.create(key=contact.key, batch=found, number=number, state="created", contact=contact)
    task = create_task(title="x", assignee=manager, due_on="2026-12-24", actor=manager)
    Task.objects.filter(pk=task.pk).update(kind=Task.Kind.INFORM, about_id=found.pk, title="")
    return found


@pytest.mark.django_db(transaction=True)
def test_all_who_have_an_email_are_written_to_once(batch, manager):
    assert standing(batch, manager) == Standing(informed=0, under_way=0, reachable=2, unreachable=1)
    ask_to_inform(batch=batch, actor=manager)
    assert inform_batch(batch.pk, manager.pk) == 0
    assert standing(batch, manager) == Standing(informed=2, under_way=0, reachable=0, unreachable=1)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["k1@drevo.example", "k2@drevo.example"]
    assert {letter.subject for letter in mail.outbox} == {"Informace o zpracování Vašich osobních údajů"}
    assert "Obchodní partner" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_the_task_of_the_import_closes_when_the_last_one_is_informed(batch, manager):
    from gdpr_requests.letters.services import draft_letter, send_letter

    ask_to_inform(batch=batch, actor=manager)
    watch()
    assert Task.objects.open().filter(kind=Task.Kind.INFORM).count() == 1
    last = Contact.objects.get(emails=None)
    send_letter(letter=draft_letter(kind="indirect", contact=last), via="post", actor=manager)
    watch()
    assert Task.objects.get(about_id=batch.pk).outcome == "done"


@pytest.mark.django_db(transaction=True)
def test_the_page_counts_and_starts_it(batch, manager, client_of):
    client, url = client_of(manager), f"/contacts/import/{batch.pk}/inform/"
    page = client.get(url).content.decode()
    assert ("Write to them all" in page, "did not obtain from you" in page) == (True, True)
    assert f"import/{batch.pk}/inform/" in client.get("/tasks/").content.decode()
    assert client.post(url).status_code == 302
    assert "Write to them all" not in client.get(url).content.decode()
    assert Letter.objects.filter(sent_at__isnull=False).count() == 2

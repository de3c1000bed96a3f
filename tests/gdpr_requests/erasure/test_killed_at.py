"""A worker that dies at one of the moments that matter: what it leaves, and how the next one goes on."""

from __future__ import annotations

import os
import signal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import Installation
from contacts.models import Contact
from contacts.services.files import add_file
from gdpr_requests.erasure import finishing, ledger
from gdpr_requests.erasure.finishing import finish_interrupted
from gdpr_requests.erasure.jobs import work_run
from gdpr_requests.erasure.runs import plan_run
from gdpr_requests.models import ErasureItem
from gdpr_requests.services import erase as erase_module
from gdpr_requests.services.erase import erase_contact
from gdpr_requests.services.replay import replay
from privacy.files import store
from tests import make
from tests.gdpr_requests.erasure.processes import Process

# Where the process dies: the module, its step, and whether the step itself still happens.
BEFORE_COMMIT = [
    (erase_module, "delete_rows", True),
    (erase_module, "destroy_keys", True),
    (erase_module, "_write_down", False),
    (erase_module, "_write_down", True),
]
AFTER_COMMIT = [
    (erase_module, "finish", False),
    (finishing, "_delete_bytes", True),
]
named = lambda case: f"{'after' if case[2] else 'before'} {case[1]}"  # noqa: E731


@pytest.fixture
def planned(petra):
    """Two cards, each with a file, in a run that no message announces."""
    Installation.objects.update_or_create(id=1, defaults={"four_eyes": False})
    cards = [make.contact(petra, email=f"c{n}@drevo.example").pk for n in range(2)]
    for contact in Contact.objects.filter(pk__in=cards):
        add_file(contact=contact, stream=ContentFile(b"text"), name="a.txt", content_type="text/plain", actor=petra)
    with transaction.atomic():
        run = plan_run(contact_ids=cards, reason="requested", actor=petra)
        transaction.get_connection().run_on_commit = []
    return run


def die_at(monkeypatch, module, step, happens, work) -> None:
    """Do the work in a process of its own that is killed at the step."""
    real = getattr(module, step)

    def dying(*args, **kwargs):
        if happens:
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(module, step, dying)
        assert Process(work).wait() == -signal.SIGKILL


def states() -> list[str]:
    return sorted(ErasureItem.objects.values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", BEFORE_COMMIT, ids=named)
def test_a_worker_that_dies_before_the_commit_has_done_nothing_and_the_next_one_does_it(planned, monkeypatch, case):
    die_at(monkeypatch, *case, lambda: work_run(str(planned.pk)))
    assert (states(), Contact.objects.count(), len(list(store.names()))) == (["planned", "planned"], 2, 2)
    work_run(str(planned.pk))
    all_is_over()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", AFTER_COMMIT, ids=named)
def test_a_worker_that_dies_after_the_commit_is_finished_by_the_next_one(planned, monkeypatch, case):
    die_at(monkeypatch, *case, lambda: work_run(str(planned.pk)))
    assert (states(), Contact.objects.count()) == (["erased", "planned"], 1)
    work_run(str(planned.pk))
    assert finish_interrupted() == 1
    all_is_over()


def all_is_over() -> None:
    items = list(ErasureItem.objects.order_by("certificate"))
    assert [(item.state, item.certificate[-6:], item.unfinished) for item in items] == [
        ("erased", "000001", {}),
        ("erased", "000002", {}),
    ]
    assert [item.checked_at for item in items if item.checked_at is None] == []
    assert (Contact.objects.count(), list(store.names())) == (0, [])
    assert {entry.item_id: entry.state for entry in ledger.named()} == {item.pk: "done" for item in items}


@pytest.mark.django_db(transaction=True)
def test_a_number_that_a_killed_worker_wrote_down_and_another_erasure_took_stands_once(planned, petra, monkeypatch):
    """The intent of the dead says K-1, which then goes to somebody else; the replay gives that card another."""
    die_at(monkeypatch, erase_module, "_write_down", True, lambda: work_run(str(planned.pk)))
    first = erase_contact(pk=make.contact(petra).pk, reason="mistake", actor=petra)
    (intended, _other) = ledger.named()
    assert intended.certificate == first.certificate
    assert len(replay().erased) == 1
    item = ErasureItem.objects.get(pk=intended.item_id)
    assert (item.state, item.run_id, item.certificate[-6:]) == ("erased", planned.pk, "000002")
    work_run(str(planned.pk))
    assert states() == ["erased", "erased", "erased"]

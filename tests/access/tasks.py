"""Who may write tasks on a card and tick them off."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone

from tasks.services import create_task
from tests import make
from tests.access import row

CARD = {"pk": lambda w: w.card.pk}
TASK = {"pk": lambda w: w.task.pk}
NEW = {"title": "Zavolat", "due_on": lambda w: timezone.localdate().isoformat(), "assignee": lambda w: w.staff.pk}

ROWS = [
    row("tasks:new_on_card", CARD, auditor=403),
    row("tasks:new_on_card", CARD, method="post", data=NEW, everyone=302, auditor=403),
    row("tasks:done", TASK, method="post", everyone=302, auditor=403),
    row("tasks:reopen", TASK, method="post", everyone=302, auditor=403),
]


def prepare(world: SimpleNamespace) -> None:
    world.card = make.contact(world.staff)
    world.task = create_task(
        title="Zavolat", assignee=world.staff, due_on=timezone.localdate(), actor=world.staff, contact=world.card
    )

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
    row("tasks:list"),
    row("tasks:new", auditor=403),
    row("tasks:snooze", TASK, auditor=403),
    row("tasks:assign", TASK, auditor=403),
    row(
        "tasks:assign",
        TASK,
        method="post",
        data={"assignee": lambda w: w.mate.pk},
        everyone=403,
        manager=302,
        dpo=302,
        admin=302,
        mate=302,
    ),
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

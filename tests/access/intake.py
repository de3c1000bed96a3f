"""Who may bring contacts in."""

from __future__ import annotations

import io

from intake.batch import services
from tests import make
from tests.access import row

BATCH = {"pk": lambda w: w.batch.pk}

ROWS = [
    row("intake:new", auditor=403),
    row("intake:import", everyone=403, manager=200, admin=200),
    row("intake:batch", BATCH, everyone=403, manager=404, admin=200),
    row("intake:reread", BATCH, method="post", everyone=403, manager=404, admin=302),
    row("intake:progress", BATCH, everyone=403, manager=404, admin=200),
    row("intake:refused", BATCH, everyone=403, manager=404, admin=200),
    row("intake:undo", BATCH, method="post", everyone=403, manager=404, admin=302),
    row("intake:discard", BATCH, method="post", everyone=403, manager=404, admin=302),
    row("intake:drop", {"pk": lambda w: w.contact.pk}, method="post", everyone=302, auditor=403),
]


def prepare(world) -> None:
    world.contact = make.contact(world.staff)
    file = io.BytesIO("jméno;e-mail\nJana;jana@drevo.example\n".encode())
    world.batch = services.take_file(stream=file, name="a.csv", actor=world.admin)

"""Who may bring contacts in."""

from __future__ import annotations

from tests import make
from tests.access import row

ROWS = [
    row("intake:new", auditor=403),
    row("intake:drop", {"pk": lambda w: w.contact.pk}, method="post", everyone=302, auditor=403),
]


def prepare(world) -> None:
    world.contact = make.contact(world.staff)

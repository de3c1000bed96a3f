"""Who may do what the law gives people a right to, and who may merge."""

from __future__ import annotations

from tests import make
from tests.access import row

PAIR = {"pk": lambda w: w.contact.pk, "other": lambda w: w.other_contact.pk}
CARD = {"pk": lambda w: w.contact.pk}

ROWS = [
    row("gdpr_requests:merge_choose", CARD, everyone=403, manager=200, dpo=200, admin=200),
    row("gdpr_requests:merge", PAIR, everyone=403, manager=200, dpo=200, admin=200),
    row("gdpr_requests:merge", PAIR, method="post", everyone=403, manager=302, dpo=302, admin=302),
]


def prepare(world) -> None:
    world.contact = make.contact(world.staff)
    world.other_contact = make.contact(world.staff, email="eva@drevo.example")

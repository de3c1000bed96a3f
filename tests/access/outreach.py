"""Who may export mailing lists."""

from __future__ import annotations

from tests import make
from tests.access import row

WANTED = {"purpose": "newsletter", "channel": "email"}

ROWS = [
    row("outreach:lists", everyone=403, manager=200, admin=200),
    row("outreach:export", method="post", data=WANTED, everyone=403, manager=200, admin=200),
    row("outreach:export", everyone=403, manager=405, admin=405),
]


def prepare(world) -> None:
    make.purpose("newsletter")

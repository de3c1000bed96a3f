"""Who may open the pages that no single room owns."""

from __future__ import annotations

from tests import make
from tests.access import row

CARD = {"pk": lambda w: w.contact.pk}

ROWS = [
    row("healthz", everyone=503, stranger=503),  # no worker and no beat run in a test
    row("crm:dashboard"),
    row("crm:reports"),
    row("crm:audit", everyone=403, dpo=200, admin=200, auditor=200),
    row("crm:audit_download", everyone=403, dpo=200, admin=200, auditor=200),
    row("crm:contacts"),
    row("crm:card", CARD),
    row("crm:panel", {**CARD, "name": "timeline"}),
    row("crm:search", method="post", data={"q": "jan"}),
    row("crm:gallery", everyone=404),  # for superusers and developers
]


def prepare(world) -> None:
    world.contact = make.contact(world.staff)

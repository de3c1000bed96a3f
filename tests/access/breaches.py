"""Who reads the breach register and who decides about breaches."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone

from gdpr_requests.breaches.affected import Criteria, add_affected
from gdpr_requests.breaches.services import record_breach
from tests import make
from tests.access import row

ONE = {"pk": lambda w: w.breach.pk}
ROW = {"pk": lambda w: w.breach.pk, "row": lambda w: w.affected.pk}
READ = {"everyone": 403, "dpo": 200, "admin": 200, "auditor": 200}
WRITE = {"everyone": 403, "dpo": 200, "admin": 200}
# An empty form is refused in words.
FILL = {"everyone": 403, "dpo": 422, "admin": 422}
DONE = {"everyone": 403, "dpo": 302, "admin": 302}

ROWS = [
    row("gdpr_requests:breaches", **READ),
    row("gdpr_requests:breach_new", **WRITE),
    row("gdpr_requests:breach_new", method="post", data={"title": "x"}, **FILL),
    row("gdpr_requests:breach", ONE, **READ),
    row("gdpr_requests:breach_edit", ONE, **WRITE),
    row("gdpr_requests:breach_edit", ONE, method="post", data={"title": "x"}, **FILL),
    row("gdpr_requests:breach_assess", ONE, **WRITE),
    row("gdpr_requests:breach_assess", ONE, method="post", data={"risk": "none"}, **FILL),
    row("gdpr_requests:breach_notified", ONE, **WRITE),
    row("gdpr_requests:breach_notified", ONE, method="post", data={"reference": "x"}, **FILL),
    row("gdpr_requests:breach_told", ONE, **WRITE),
    row("gdpr_requests:breach_told", ONE, method="post", data={"at": "never"}, **FILL),
    row("gdpr_requests:breach_close", ONE, method="post", **DONE),
    row("gdpr_requests:breach_reopen", ONE, method="post", **DONE),
    row("gdpr_requests:breach_notice", {**ONE, "kind": "people"}, **READ),
    row("gdpr_requests:breach_notice_file", {**ONE, "kind": "people", "form": "txt"}, **READ),
    row("gdpr_requests:breach_affected", ONE, **READ),
    row("gdpr_requests:breach_affected", ONE, method="post", data={"everybody": "on"}, **DONE),
    row("gdpr_requests:breach_affected_remove", ROW, method="post", **DONE),
]


def prepare(world: SimpleNamespace) -> None:
    values = {"title": "Ztracený notebook", "facts": "Ve vlaku.", "became_aware_at": timezone.now()}
    world.breach = record_breach(values=values, actor=world.dpo)
    make.contact(world.staff)
    add_affected(breach=world.breach, criteria=Criteria(everybody=True), actor=world.dpo)
    world.affected = world.breach.affected.get()

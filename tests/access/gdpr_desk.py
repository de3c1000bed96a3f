"""Who may see the register of requests, work on it, and decide."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone

from gdpr_requests.desk.services import open_request
from tests import make
from tests.access import row

ONE = {"pk": lambda w: w.request.pk}
METHOD = {"method": "known_address"}
MATE = {"assignee": lambda w: w.mate.pk}
UNKNOWN = {"pk": lambda w: w.unknown.pk}

ROWS = [
    row("gdpr_requests:desk"),
    row("gdpr_requests:request_new", auditor=403),
    # Without anything filled in, the question is asked again.
    row("gdpr_requests:request_new", method="post", everyone=422, auditor=403),
    row("gdpr_requests:request", ONE),
    # Of somebody without a card: whoever recorded it, has it, or sees the whole register.
    row("gdpr_requests:request", UNKNOWN, everyone=404, staff=200, mate=200, dpo=200, admin=200, auditor=200),
    row("gdpr_requests:request_note", UNKNOWN, method="post", everyone=404, staff=302, mate=302, dpo=302, admin=302,
        auditor=403),
    row("gdpr_requests:request_card", ONE, auditor=403),
    row("gdpr_requests:request_card", ONE, method="post", data={"contact": ""}, everyone=302, auditor=403),
    row("gdpr_requests:request_identity", ONE, method="post", data=METHOD, everyone=302, auditor=403),
    row("gdpr_requests:request_ask", ONE, method="post", data={"doubt": ""}, everyone=302, auditor=403),
    row("gdpr_requests:request_note", ONE, method="post", data={"note": "x"}, everyone=302, auditor=403),
    row("gdpr_requests:request_done", ONE, method="post", everyone=302, auditor=403),
    row("gdpr_requests:request_assign", ONE, method="post", data=MATE, everyone=403, dpo=302, admin=302),
    row("gdpr_requests:request_extend", ONE, everyone=403, dpo=200, admin=200),
    row("gdpr_requests:request_extend", ONE, method="post", everyone=403, dpo=422, admin=422),
    row("gdpr_requests:request_refuse", ONE, everyone=403, dpo=200, admin=200),
    row("gdpr_requests:request_refuse", ONE, method="post", everyone=403, dpo=422, admin=422),
    row("gdpr_requests:request_close", ONE, method="post", everyone=403, dpo=302, admin=302),
]  # fmt: skip


def prepare(world: SimpleNamespace) -> None:
    contact = make.contact(world.staff)
    world.request, world.unknown = (
        open_request(
            right="access",
            channel="email",
            received_on=timezone.localdate(),
            requester_name="Jana Nováková",
            contact=card,
            actor=world.staff,
            assignee=world.mate,
        )
        for card in (contact, None)
    )

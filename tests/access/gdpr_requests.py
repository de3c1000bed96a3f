"""Who may do what the law gives people a right to, and who may merge."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone

from consents.models import BalancingTest, Consent
from gdpr_requests.accountability.publishing import keep_notices
from gdpr_requests.erasure.numbers import next_number
from gdpr_requests.erasure.runs import plan_run
from gdpr_requests.holds.services import place_hold
from gdpr_requests.models import ErasureItem, ErasureRun, InspectionPack
from tests import make
from tests.access import row

PAIR = {"pk": lambda w: w.contact.pk, "other": lambda w: w.other_contact.pk}
CARD = {"pk": lambda w: w.contact.pk}
PAPER = {"number": lambda w: w.certificate}
CONSENT = {"pk": lambda w: w.consent.pk}
PACK = {"pk": lambda w: w.pack.pk}
TEST = {"pk": lambda w: w.test.pk}
LANGUAGE = {"language": "en"}
RUN = {"pk": lambda w: w.run.pk}
HELD = {**CARD, "hold": lambda w: w.hold.pk}
ERASED = {"pk": lambda w: w.erased_id}

ROWS = [
    row("gdpr_requests:merge_choose", CARD, everyone=403, manager=200, dpo=200, admin=200),
    row("gdpr_requests:merge", PAIR, everyone=403, manager=200, dpo=200, admin=200),
    row("gdpr_requests:merge", PAIR, method="post", everyone=403, manager=302, dpo=302, admin=302),
    row("gdpr_requests:export", CARD, auditor=403),
    row("gdpr_requests:export", CARD, method="post", auditor=403),
    row("gdpr_requests:erase", CARD, auditor=403),
    # Without a reason nothing happens but the question, asked again.
    row("gdpr_requests:erase", CARD, method="post", auditor=403),
    # An erased card: those who may know learn its certificate.
    row("gdpr_requests:erase", ERASED, everyone=410, auditor=403),
    row("gdpr_requests:export", ERASED, everyone=410, auditor=403),
    row("crm:card", ERASED, everyone=410),
    row("gdpr_requests:holds", CARD, everyone=403, dpo=200, admin=200),
    row("gdpr_requests:holds", CARD, method="post", everyone=403, dpo=200, admin=200),
    row("gdpr_requests:hold_release", HELD, method="post", everyone=403, dpo=302, admin=302),
    row("gdpr_requests:runs"),
    row("gdpr_requests:run", RUN),
    row("gdpr_requests:run_approve", RUN, method="post", everyone=403, dpo=302, admin=302),
    row("gdpr_requests:run_refuse", RUN, method="post", everyone=403, dpo=302, admin=302),
    row("gdpr_requests:run_retry", RUN, method="post", everyone=403, dpo=302, admin=302),
    row("gdpr_requests:retained", everyone=403, dpo=200, admin=200, auditor=200),
    row("gdpr_requests:restriction", CARD, everyone=403, dpo=200, admin=200),
    row("gdpr_requests:restriction", CARD, method="post", data={"reason": "claims"}, everyone=403, dpo=302, admin=302),
    row("gdpr_requests:restriction_notice", CARD, method="post", everyone=403, dpo=404, admin=404),
    row("gdpr_requests:restriction_lift", CARD, method="post", everyone=403, dpo=404, admin=404),
    row("gdpr_requests:recipients", CARD),
    row("gdpr_requests:recipients", CARD, method="post", everyone=302, auditor=403),
    row("gdpr_requests:erasures"),
    row("gdpr_requests:certificate", PAPER),
    row("gdpr_requests:certificate_pdf", PAPER),
    row("gdpr_requests:proof", CARD, staff=403, mate=403, other=403),
    row("gdpr_requests:proof", CARD, method="post", staff=403, mate=403, other=403),
    row("gdpr_requests:receipt", CONSENT, method="post", staff=403, mate=403, other=403),
    row("gdpr_requests:packs", everyone=403, dpo=200, admin=200, auditor=200),
    row("gdpr_requests:packs", method="post", everyone=403, dpo=302, admin=302, auditor=302),
    row("gdpr_requests:pack_progress", PACK, everyone=403, dpo=200, admin=200, auditor=200),
    row("gdpr_requests:pack", PACK, everyone=403, dpo=404, admin=404, auditor=404),
    row("gdpr_requests:processing", everyone=403, dpo=200, admin=200, auditor=200),
    row("gdpr_requests:processing_file", {"form": "json"}, everyone=403, dpo=200, admin=200, auditor=200),
    row("gdpr_requests:measures", everyone=403, dpo=200, admin=200),
    row("gdpr_requests:measure", {"which": "keys"}, everyone=403, dpo=200, admin=200),
    row("gdpr_requests:balancing_test", TEST),
    row("gdpr_requests:balancing_test_pdf", TEST),
    row("gdpr_requests:privacy", stranger=200),
    row("gdpr_requests:notice", LANGUAGE, stranger=200),
    row("gdpr_requests:notice_versions", LANGUAGE, stranger=200),
    row("gdpr_requests:notice_version", {**LANGUAGE, "version": 1}, stranger=200),
]


def prepare(world: SimpleNamespace) -> None:
    world.contact = make.contact(world.staff)
    world.other_contact = make.contact(world.staff, email="eva@drevo.example")
    keep_notices()
    make.contact(world.staff, email="kniha@drevo.example", ground=make.consent_ground())
    world.consent = Consent.objects.get()
    world.pack = InspectionPack.objects.create()
    world.test = BalancingTest.objects.first()
    world.hold = place_hold(contact=world.contact, reason="Spor", until=timezone.localdate(), actor=world.staff)
    world.run = plan_run(contact_ids=[world.other_contact.pk], reason="not_needed", actor=world.staff)
    now = timezone.now()
    world.certificate = next_number(now.year)
    item = ErasureItem.objects.create(
        run=ErasureRun.objects.create(origin="card"),
        contact_id="22222222-2222-4222-8222-222222222222",
        state="erased",
        reason="requested",
        certificate=world.certificate,
        erased_at=now,
    )
    world.erased_id = item.contact_id
    item.addresses.create(old_id=item.contact_id)

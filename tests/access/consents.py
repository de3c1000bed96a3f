"""Who may see purposes, and who may record grounds and consents."""

from __future__ import annotations

from django.utils import timezone

from consents.models import BalancingTest, Consent, LegalGround
from consents.services.objections import object_to_processing
from intake.services import NewGround
from tests import make
from tests.access import row

CARD = {"pk": lambda w: w.contact.pk}
CONSENT = {"pk": lambda w: w.consent.pk}
GROUND = {"pk": lambda w: w.ground.pk}
SLUG = {"slug": "newsletter"}
SAID = {"method": "phone", "occurred_on": lambda w: timezone.localdate().isoformat()}

ROWS = [
    row("consents:purposes"),
    row("consents:purpose", SLUG),
    row("consents:purpose_new", everyone=403, dpo=200, admin=200),
    row("consents:usual", everyone=405, stranger=302),
    row("consents:usual", method="post", everyone=403, dpo=302, admin=302),
    row("consents:purpose_edit", SLUG, everyone=403, dpo=200, admin=200),
    row("consents:publish", SLUG, everyone=403, dpo=200, admin=200),
    row("consents:balancing_test_new", everyone=403, dpo=200, admin=200),
    row("consents:balancing_test", {"pk": lambda w: w.test.pk}, everyone=403, dpo=200, admin=200),
    row("consents:record", CARD, auditor=403),
    row("consents:ground_new", CARD, auditor=403),
    row("consents:object", CARD, auditor=403),
    row("consents:typo", {**CARD, "row": lambda w: w.contact.emails.get().pk}, auditor=403),
    row("consents:object", CARD, method="post", data=SAID, everyone=302, auditor=403),
    row("consents:suppressions", everyone=403, dpo=200, admin=200),
    row("consents:suppressions", method="post", data={"address": "x@y.example"}, everyone=403, dpo=200, admin=200),
    row("consents:suppression_opt_in", method="post", everyone=403, dpo=422, admin=422),
    row("consents:objections", everyone=403, dpo=200, admin=200),
    row("consents:weigh", {"pk": lambda w: w.objection.pk}, everyone=403, dpo=200, admin=200),
    row("consents:renew", CONSENT, auditor=403),
    row("consents:withdraw", CONSENT, auditor=403),
    row("consents:withdraw", CONSENT, method="post", data=SAID, everyone=302, auditor=403),
    row("consents:refuse", CONSENT, auditor=403),
    row("consents:prolong", GROUND, auditor=403),
    row("consents:ground_event", GROUND, auditor=403),
    row("consents:ground_event", GROUND, method="post", data={"event_on": "2099-12-31"}, everyone=302, auditor=403),
    row("consents:ground_end", GROUND, auditor=403),
    row("consents:ground_end", GROUND, method="post", data={"reason": "mistake"}, everyone=302, auditor=403),
]


def prepare(world) -> None:
    world.contact = make.contact(world.staff)
    make.contact(world.staff, email="eva@drevo.example", ground=make.consent_ground())
    world.consent = Consent.objects.get(state="given")
    world.ground = LegalGround.objects.get(basis="contract")
    held = make.contact(world.staff, email="ota@drevo.example", ground=NewGround(purpose=make.purpose("enquiry")))
    world.objection = object_to_processing(
        contact=held, purpose=make.purpose("enquiry"), reason="Jen tak.", actor=world.staff
    )
    world.test = BalancingTest.objects.first()

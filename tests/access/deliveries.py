"""Who may hand a copy over, and who may fetch it."""

from __future__ import annotations

from types import SimpleNamespace

from accounts.models import User
from gdpr_requests.delivery.services import prepare as hand_over
from gdpr_requests.export.collect import Variant
from tests import make
from tests.access import row

CARD = {"pk": lambda w: w.copied.pk}
COPY = {"pk": lambda w: w.copied.pk, "delivery": lambda w: w.delivery.pk}
LINK = {"token": lambda w: w.delivery.token}

ROWS = [
    row("gdpr_requests:hand_over", CARD, auditor=403),
    # Without having looked through it nothing is made: the question again.
    row("gdpr_requests:hand_over", CARD, method="post", everyone=422, auditor=403),
    row("gdpr_requests:delivery", COPY, auditor=403),
    row("gdpr_requests:delivery_end", COPY, method="post", everyone=302, auditor=403),
    # The person's own page is open to whoever holds the link; without the code it shows nothing.
    row("gdpr_requests:my_copy", LINK, stranger=200),
    row("gdpr_requests:my_copy", LINK, method="post", everyone=422, stranger=422),
]


def prepare(world: SimpleNamespace) -> None:
    world.copied = make.contact(world.staff)
    staff: User = world.staff
    world.delivery = hand_over(contact=world.copied, variant=Variant.COMPLETE, choices={}, actor=staff)

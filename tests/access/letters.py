"""Who may write letters about people's rights, read them, and edit their templates."""

from __future__ import annotations

from types import SimpleNamespace

from gdpr_requests.letters.services import draft_letter
from intake.models import ImportBatch
from privacy.keys import subject_key_for
from tasks.services import HOUSE
from tests import make
from tests.access import row
from tests.gdpr_requests.letters.conftest import make_request

REQUEST = {"pk": lambda w: w.request.pk}
CARD = {"pk": lambda w: w.contact.pk}
BATCH = {"pk": lambda w: w.batch.pk}
LETTER = {"pk": lambda w: w.letter.pk}
OF_REQUEST = {**REQUEST, "kind": "acknowledgement"}
OF_CARD = {**CARD, "kind": "indirect"}
TEMPLATE = {"kind": "access", "language": "cs"}
TEXT = {"body": "Dobrý den, ozveme se.", "to_address": "Jana", "to_email": "jana@drevo.example", "then": "draft"}
MANAGED = {"everyone": 403, "dpo": 200, "admin": 200}
CHANGED = {"everyone": 403, "dpo": 302, "admin": 302}

ROWS = [
    row("gdpr_requests:request_letters", REQUEST),
    row("gdpr_requests:request_letter", OF_REQUEST, auditor=403),
    row("gdpr_requests:request_letter", OF_REQUEST, method="post", data=TEXT, everyone=302, auditor=403),
    row("gdpr_requests:contact_letters", CARD),
    row("gdpr_requests:contact_letter", OF_CARD, auditor=403),
    row("gdpr_requests:contact_letter", OF_CARD, method="post", data=TEXT, everyone=302, auditor=403),
    row("gdpr_requests:letter", LETTER),
    row("gdpr_requests:letter_pdf", LETTER),
    row("gdpr_requests:letter_edit", LETTER, auditor=403),
    row("gdpr_requests:letter_edit", LETTER, method="post", data=TEXT, everyone=302, auditor=403),
    row("gdpr_requests:letter_send", LETTER, method="post", data={"via": "post"}, everyone=302, auditor=403),
    row("gdpr_requests:letter_recall", LETTER, method="post", everyone=302, auditor=403),
    row("gdpr_requests:letter_discard", LETTER, method="post", everyone=302, auditor=403),
    # An import of the manager's: others who may import see it where they see all contacts.
    row("gdpr_requests:inform_batch", BATCH, everyone=403, manager=200, dpo=403, admin=200),
    row("gdpr_requests:inform_batch", BATCH, method="post", everyone=403, manager=302, dpo=403, admin=302),
    row("gdpr_requests:templates", **MANAGED),
    row("gdpr_requests:template", TEMPLATE, **MANAGED),
    row("gdpr_requests:template", TEMPLATE, method="post", data={"subject": "Věc", "body": "Text"}, **CHANGED),
    row("gdpr_requests:template_restore", TEMPLATE, method="post", **CHANGED),
]


def prepare(world: SimpleNamespace) -> None:
    world.contact = make.contact(world.staff)
    world.request = make_request(world.contact)
    world.batch = ImportBatch.objects.create(
        key=subject_key_for(subject_id=HOUSE), file_name="x.csv", size=1, kind="csv", created_by=world.manager
    )
    world.letter = draft_letter(kind="acknowledgement", request=world.request)

"""Informing everybody of one import at once (Art. 14): a letter each, by e-mail, once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from audit.services import record
from contacts.models import Contact, EmailAddress
from contacts.querysets import ContactQuerySet
from gdpr_requests.letters.services import draft_letter, send_letter
from gdpr_requests.models import Letter, LetterKind
from intake.models import ImportBatch, ImportRow
from privacy.queue import enqueue

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How many people of an import were informed, have a letter under way, can be written to, have no e-mail."""

    informed: int
    under_way: int
    reachable: int
    unreachable: int


def standing(batch: ImportBatch, user: User) -> Standing:
    """Counts of those whom the user may see, in four queries."""
    people = _people(batch, user)
    letters = Letter.objects.filter(contact=OuterRef("pk"), kind=LetterKind.INDIRECT)
    mail = EmailAddress.objects.filter(contact=OuterRef("pk"))
    untold = people.filter(~Exists(letters))
    return Standing(
        informed=people.filter(Exists(letters.filter(sent_at__isnull=False))).count(),
        under_way=people.filter(Exists(letters), ~Exists(letters.filter(sent_at__isnull=False))).count(),
        reachable=untold.filter(Exists(mail)).count(),
        unreachable=untold.filter(~Exists(mail)).count(),
    )


def _people(batch: ImportBatch, user: User) -> ContactQuerySet:
    rows = ImportRow.objects.filter(batch=batch, contact__isnull=False).values("contact")
    return Contact.objects.visible_to(user).filter(pk__in=rows, kind=Contact.Kind.PERSON)


@transaction.atomic
def ask_to_inform(*, batch: ImportBatch, actor: User) -> None:
    """Let the worker write to everybody of the import who was not written to and has an e-mail."""
    record("letters.batch_started", actor=actor, target=batch)
    enqueue("gdpr_requests.inform_batch", batch.pk, actor.pk)


def inform_batch(batch_id: UUID, actor_id: UUID) -> int:
    """Write the letters; answers how many. Whoever has one already, sent or not, gets no other."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    actor = User.objects.filter(pk=actor_id, is_active=True).first()
    if batch is None or actor is None or not actor.has_perm("gdpr_requests.handle_request"):
        return 0
    letters = Letter.objects.filter(contact=OuterRef("pk"), kind=LetterKind.INDIRECT)
    mail = EmailAddress.objects.filter(contact=OuterRef("pk"))
    waiting = _people(batch, actor).filter(~Exists(letters), Exists(mail)).order_by("pk")
    return sum(_inform(pk, actor) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _inform(pk: UUID, actor: User) -> bool:
    # The row of the card is the lock: two workers on one import write to each person once.
    contact = Contact.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if contact is None or Letter.objects.filter(contact=contact, kind=LetterKind.INDIRECT).exists():
        return False
    letter = draft_letter(kind=LetterKind.INDIRECT, contact=contact, actor=actor)
    try:
        with transaction.atomic():
            send_letter(letter=letter, via=Letter.Via.EMAIL, actor=actor)
    except ValidationError:
        # A gap, or an address that is none: the draft waits for a colleague.
        logger.info("Letter %s waits for a colleague", letter.pk)
        return False
    return True

"""Everything that comes in: a contact is made together with its ground, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record_many
from consents.models import Basis, LegalGround, Method, Purpose
from consents.services.batch import give_to_new
from consents.services.grounds import build_ground
from consents.services.ledger import Evidence, give
from consents.services.suppression import EVERYWHERE, IN_SPITE, suppressed
from contacts.models import Contact, Source
from contacts.refusal import AddressRefused
from contacts.services.files import add_file, files_in_transaction
from contacts.services.new import NewCard, create_cards
from tasks.services import create_tasks

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User


@dataclass(kw_only=True)
class NewGround:
    """The ground a new contact stands on. For a consent, `evidence` and optional `consent` fields of the ledger."""

    purpose: Purpose
    values: dict[str, Any] = field(default_factory=dict)
    evidence: Evidence | None = None
    consent: dict[str, Any] = field(default_factory=dict)


@files_in_transaction()
def create_contact(
    *,
    card: NewCard,
    ground: NewGround,
    actor: User | None,
    owner: User | None = None,
    file: UploadedFile[Any] | None = None,
) -> Contact:
    """Make one contact with its first ground; `file` is the evidence of its consent, sealed on the new card.

    Raises ValidationError where the ground lacks what its basis demands, and AddressRefused for an address that asked
    to be left alone; then nothing is saved.
    """
    return create_contacts(cards=[card], ground=ground, actor=actor, owner=owner, file=file)[0]


@files_in_transaction()
def create_contacts(
    *,
    cards: Sequence[NewCard],
    ground: NewGround,
    actor: User | None,
    owner: User | None = None,
    file: UploadedFile[Any] | None = None,
    informs: bool = True,
) -> list[Contact]:
    """Make contacts that stand on the same ground: all of them, or none.

    `informs` plans, for each contact whose data came from elsewhere, the task to inform them (Art. 14).
    """
    if not cards:
        return []
    if any(not card.values.get("source") for card in cards):
        raise ValidationError(_("Say where the data come from."), code="source")
    _demand_welcome(cards, ground.purpose)
    contacts = create_cards(cards=cards, actor=actor, owner=owner)
    if ground.purpose.basis == Basis.CONSENT:
        _give_consents(contacts, _with_file(ground, contacts[0], file, actor), actor)
    else:
        _open_grounds(contacts, ground, actor)
    if informs:
        _plan_information(contacts, actor)
    return contacts


def _demand_welcome(cards: Sequence[NewCard], purpose: Purpose) -> None:
    """Raise AddressRefused for an address that asked to be left alone, but for a contract or a duty."""
    if purpose.basis in IN_SPITE:
        return
    addresses = [str(row["value"]) for card in cards for row in (*card.emails, *card.phones)]
    if suppressed(addresses, scopes=EVERYWHERE):
        raise AddressRefused


def _with_file(ground: NewGround, contact: Contact, file: UploadedFile[Any] | None, actor: User | None) -> NewGround:
    if file is None or ground.evidence is None:
        return ground
    stored = add_file(
        contact=contact,
        stream=file,
        name=file.name or "evidence",
        content_type=file.content_type or "",
        actor=actor,
        is_evidence=True,
    )
    return replace(ground, evidence=replace(ground.evidence, file_id=stored.pk))


def _give_consents(contacts: Sequence[Contact], ground: NewGround, actor: User | None) -> None:
    if ground.evidence is None:
        raise ValidationError(_("Say how the consent was given and where its evidence lies."), code="evidence")
    if ground.consent.get("address") or len(contacts) == 1:
        for contact in contacts:
            give(contact=contact, purpose=ground.purpose, evidence=ground.evidence, actor=actor, **ground.consent)
    else:
        give_to_new(contacts=contacts, purpose=ground.purpose, evidence=ground.evidence, actor=actor, **ground.consent)


def _open_grounds(contacts: Sequence[Contact], ground: NewGround, actor: User | None) -> None:
    rows = [
        build_ground(
            contact=contact, purpose=ground.purpose, actor=actor, **{"method": Method.IN_PERSON, **ground.values}
        )
        for contact in contacts
    ]
    LegalGround.objects.bulk_create(rows, batch_size=1000)
    detail = {"purpose": ground.purpose.slug, "basis": str(ground.purpose.basis)}
    record_many("ground.opened", actor=actor, rows=[Row(contact_id=contact.pk, detail=detail) for contact in contacts])


def _plan_information(contacts: Sequence[Contact], actor: User | None) -> None:
    """Data that did not come from the person: a task to inform them within one month (Art. 14(3)(a))."""
    from consents.periods import add_months
    from tasks.models import Task

    indirect = [contact for contact in contacts if contact.source in Source.indirect()]
    day = add_months(timezone.localdate(), 1)
    create_tasks(
        [
            Task(
                key=contact.key,
                contact=contact,
                kind=Task.Kind.INFORM,
                assignee_id=contact.owner_id or (actor.pk if actor else None),
                due_on=day,
                not_after=day,
                period_key=f"inform:{contact.pk}",
                created_by=actor,
            )
            for contact in indirect
        ],
        actor=actor,
    )

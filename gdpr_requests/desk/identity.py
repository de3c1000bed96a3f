"""Who asks? The least that suffices, and no copies of papers (Art. 12(6), 5(1)(c), 11).

Writing from an address that stands on the card is enough by itself. More may be asked only where there are reasonable
doubts, and they are written down. The clock does not stop meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.index import email_key
from contacts.models import AddressToken
from gdpr_requests.desk.history import add_event
from gdpr_requests.desk.locking import open_one
from gdpr_requests.models import Channel, DataSubjectRequest, EventKind, IdentityMethod, RequestState, Right

if TYPE_CHECKING:
    from accounts.models import User


class Doubt(models.TextChoices):
    """Why somebody may be asked for more (Art. 12(6))."""

    UNKNOWN_ADDRESS = "unknown_address", gettext_lazy("they wrote from an address that we don't know")
    NAME_DIFFERS = "name_differs", gettext_lazy("the name is not the one on the card")
    ON_BEHALF = "on_behalf", gettext_lazy("somebody asks on behalf of the person")
    SEVERAL = "several", gettext_lazy("there are several people of that name")
    SUSPICIOUS = "suspicious", gettext_lazy("the message looks forged")


# Stopping is asked of nobody to prove: nothing is disclosed, changed or lost by it.
WITHOUT_PROOF = (Right.OBJECTION, Right.WITHDRAWAL, Right.COMPLAINT)


def wrote_from_known_address(request: DataSubjectRequest) -> bool:
    """Whether the request came from an e-mail address that stands on its card."""
    if request.contact_id is None or request.channel != Channel.EMAIL or "@" not in request.requester_address:
        return False
    digest = email_key(request.requester_address)
    return AddressToken.objects.filter(digest=digest, contact_id=request.contact_id).exists()


def methods_for(request: DataSubjectRequest) -> list[IdentityMethod]:
    """The ways that suffice here, the least intrusive first: the first is what the desk proposes."""
    if request.right in WITHOUT_PROOF:
        return [IdentityMethod.NOT_NEEDED]
    if wrote_from_known_address(request):
        return [IdentityMethod.KNOWN_ADDRESS, *_OTHERS]
    if request.channel == Channel.DATA_BOX:
        return [IdentityMethod.DATA_BOX, *_OTHERS]
    if request.channel == Channel.IN_PERSON:
        return [IdentityMethod.KNOWN_PERSON, IdentityMethod.PAPER_SHOWN, *_OTHERS[:-2]]
    return list(_OTHERS)


_OTHERS = (
    IdentityMethod.LINK,
    IdentityMethod.CALL_BACK,
    IdentityMethod.QUESTIONS,
    IdentityMethod.SIGNATURE,
    IdentityMethod.KNOWN_PERSON,
    IdentityMethod.PAPER_SHOWN,
)


@transaction.atomic
def check_identity(*, request: DataSubjectRequest, method: str, actor: User) -> DataSubjectRequest:
    """Note how and by whom it was made sure that they are who they say they are.

    Raises ValidationError for a way that proves nothing here, such as a "known" address that is not on the card.
    """
    request = open_one(request)
    if method not in methods_for(request):
        raise ValidationError(_("This way proves nothing here; choose another one."), code="method")
    request.identity_method = method
    request.identity_checked_at = timezone.now()
    request.identity_checked_by_id = actor.pk
    request.state = RequestState.WORKING
    request.save(update_fields=["identity_method", "identity_checked_at", "identity_checked_by_id", "state"])
    add_event(request, EventKind.IDENTIFIED, actor=actor, method=method)
    return request


@transaction.atomic
def ask_identity(*, request: DataSubjectRequest, doubt: str, actor: User) -> DataSubjectRequest:
    """Note that the person is asked to prove who they are, and why it is in doubt. The clock goes on.

    Raises ValidationError where nothing is in doubt (a known address, a right that needs no proof) or no reason is
    given.
    """
    request = open_one(request)
    if doubt not in Doubt.values:
        raise ValidationError(_("Say what is in doubt: without doubts nobody is asked for proof."), code="doubt")
    if methods_for(request)[0] in (IdentityMethod.KNOWN_ADDRESS, IdentityMethod.NOT_NEEDED, IdentityMethod.DATA_BOX):
        plain = doubt == Doubt.UNKNOWN_ADDRESS or request.right in WITHOUT_PROOF
        if plain:
            raise ValidationError(_("Nothing more may be asked here: what is known suffices."), code="enough")
    request.state = RequestState.IDENTITY
    request.save(update_fields=["state"])
    add_event(request, EventKind.ASKED, actor=actor, doubt=doubt)
    return request

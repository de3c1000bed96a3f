"""The doors to grounds and consents: whoever may open the card may open what hangs on it."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from consents.models import Consent, LegalGround
from contacts.access import get_contact_for
from contacts.models import Contact


def get_contact_to_record(user: User, pk: uuid.UUID, *, even_restricted: bool = False) -> Contact:
    """The card on which the user may record grounds and consents.

    `even_restricted` lets withdrawals and objections through: a restriction protects the person, it never holds back
    what the person asks for (Art. 18). Raises Http404 or PermissionDenied.
    """
    contact = get_contact_for(user, pk, write=not even_restricted)
    if not user.has_perm("consents.record_consent"):
        raise PermissionDenied
    return contact


def get_consent_for(user: User, pk: uuid.UUID, *, even_restricted: bool = False) -> tuple[Consent, Contact]:
    """A consent with its card, to be renewed or (`even_restricted`) withdrawn."""
    consent = Consent.objects.select_related("subject", "purpose", "notice").filter(pk=pk).first()
    if consent is None:
        raise Http404
    return consent, get_contact_to_record(user, consent.subject.contact_id, even_restricted=even_restricted)


def get_ground_for(user: User, pk: uuid.UUID) -> tuple[LegalGround, Contact]:
    """A ground with its card, to be changed or ended."""
    ground = LegalGround.objects.select_related("subject", "purpose", "balancing_test").filter(pk=pk).first()
    if ground is None:
        raise Http404
    return ground, get_contact_to_record(user, ground.subject.contact_id)

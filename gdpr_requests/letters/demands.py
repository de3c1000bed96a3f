"""What a letter needs before it may leave. Afterwards nothing can be taken back, so all of it is asked for here."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from gdpr_requests.desk.closing import needs_identity
from gdpr_requests.letters.kinds import ANSWERS
from gdpr_requests.letters.text import gaps_in
from gdpr_requests.models import DataSubjectRequest, Letter, LetterKind

# Answers that disclose and change nothing: they may go to somebody whose identity nobody checked.
_HARMLESS = (LetterKind.NOT_FOUND, LetterKind.REFUSAL)


def demand_sendable(letter: Letter, via: str) -> None:
    """Raise ValidationError for a gap, a missing address, or what the register would not accept."""
    gaps = gaps_in(letter.body)
    if gaps:
        words = _("Fill in first what stands in double brackets: %(gaps)s")
        raise ValidationError(words % {"gaps": ", ".join(gaps)}, code="gaps")
    if via == Letter.Via.EMAIL:
        _demand_email(letter.to_email)
    if letter.request_id is not None and letter.request is not None and letter.request.is_open:
        _demand_accepted(letter.request, letter.kind)


def _demand_email(address: str) -> None:
    if not address:
        raise ValidationError(_("There is no e-mail address to send it to."), code="no_address")
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_("This is no e-mail address."), code="address") from None


def obstacle(request: DataSubjectRequest | None, kind: str) -> str:
    """Why such a letter can't leave yet, in words; "" where nothing of the request stands in its way."""
    try:
        if request is not None and request.is_open:
            _demand_accepted(request, kind)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _demand_accepted(request: DataSubjectRequest, kind: str) -> None:
    """The register acts when the letter has left, and can't refuse any more then."""
    if kind in ANSWERS and kind not in _HARMLESS and needs_identity(request):
        raise ValidationError(
            _("Check first who asks: this letter would tell somebody about the data."), code="identity"
        )
    if kind == LetterKind.EXTENSION and not request.extension_reason:
        raise ValidationError(_("Write the reasons for the extension at the request first."), code="plan")
    if kind == LetterKind.REFUSAL and not request.refusal_ground:
        raise ValidationError(_("Choose the ground of the refusal at the request first."), code="plan")
    if kind in (LetterKind.EXTENSION, LetterKind.REFUSAL) and timezone.localdate() > request.due_on:
        raise ValidationError(_("The month in which this letter had to be sent is over."), code="late")

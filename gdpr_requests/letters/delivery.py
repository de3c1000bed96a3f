"""Handing letters over to the mail server: each leaves once, though the job runs twice or in many processes at once.

The worker claims the row before the message leaves. Where the server surely did not take it, the claim is given back:
an unreachable server is tried again by itself, a refusal waits for a colleague. Where the connection broke in between,
or the worker died, nobody knows: the letter is not sent again by itself, and the page says so.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import pgettext

from accounts.models import User
from audit.services import record
from gdpr_requests.letters.document import letter_pdf
from gdpr_requests.letters.register import locked_letter
from gdpr_requests.letters.services import note_sent
from gdpr_requests.letters.text import in_mail
from gdpr_requests.models import Letter
from privacy.errors import SealError

logger = logging.getLogger(__name__)
# How often an unreachable server is tried, every five minutes: for a day and a half, then a colleague decides.
ATTEMPTS = 432
# A claim older than this is of a worker that died: a mail server is waited for settings.EMAIL_TIMEOUT at every step.
LOST_AFTER = dt.timedelta(minutes=15)
_Failure = Letter.Failure


def deliver(pk: UUID) -> bool:
    """Send one letter that waits; answers whether it left now. Doing it again, or at once elsewhere, sends nothing."""
    if not _waiting().filter(pk=pk).update(claimed_at=timezone.now(), attempts=F("attempts") + 1, failure=""):
        return False
    letter = Letter.objects.select_related("request__key").get(pk=pk)
    try:
        message = message_of(letter)
    except SealError:
        # The key was destroyed meanwhile: the person was erased, and nothing is sent about them.
        return _give_back(letter, _Failure.UNREADABLE)
    except Exception as error:  # noqa: BLE001 - whatever stops the typesetter must not stop the other letters
        logger.error("Letter %s could not be made: %s", pk, type(error).__name__)
        return _give_back(letter, _Failure.UNREADABLE)
    failure = _handed_over(message, letter)
    if failure:
        return _give_back(letter, failure)
    _note(pk)
    return True


def deliver_waiting() -> int:
    """Send what waits, and mark what a worker died over; returns how many letters left."""
    lost = Letter.objects.filter(sent_at__isnull=True, failure="", claimed_at__lt=timezone.now() - LOST_AFTER)
    for pk in lost.values_list("pk", flat=True):
        _fail(pk, _Failure.UNKNOWN)
    return sum(deliver(pk) for pk in _waiting().order_by("queued_at").values_list("pk", flat=True))


def _waiting() -> QuerySet[Letter]:
    return Letter.objects.filter(
        queued_at__isnull=False,
        sent_at__isnull=True,
        claimed_at__isnull=True,
        failure__in=("", _Failure.UNREACHABLE),
    )


def message_of(letter: Letter) -> EmailMessage:
    """The e-mail: a subject without any personal value, the text, and the sheet as PDF. Never a copy of the data."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    with translation.override(letter.language):
        name = pgettext("name of a file", "letter")
    message = EmailMessage(
        letter.subject,
        in_mail(letter.body),
        None,
        [letter.to_email],
        # Always the same: mail servers and readers know a second copy by it.
        headers={"Message-ID": f"<letter.{letter.pk}@{host}>", "Auto-Submitted": "no"},
    )
    message.attach(f"{name}.pdf", letter_pdf(letter), "application/pdf")
    return message


def _handed_over(message: EmailMessage, letter: Letter) -> str:
    """Hand the message over and say why it failed, or "". The log names the letter and the sort of trouble only."""
    connection = get_connection()
    is_open = False
    try:
        connection.open()
        is_open = True
        connection.send_messages([message])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        logger.warning("Letter %s was not handed over: %s", letter.pk, type(error).__name__)
        return _sort_of(error, is_open)
    finally:
        connection.close()
    return ""


def _sort_of(error: Exception, is_open: bool) -> str:
    """What an error says of the letter: is it here still, and does it help to try again?"""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return _Failure.UNREACHABLE if codes and all(400 <= code < 500 for code in codes) else _Failure.REFUSED
    if isinstance(error, smtplib.SMTPResponseException):
        return _Failure.UNREACHABLE if 400 <= error.smtp_code < 500 else _Failure.REFUSED
    if isinstance(error, (ValueError, smtplib.SMTPNotSupportedError)):
        return _Failure.REFUSED
    return _Failure.UNKNOWN if is_open else _Failure.UNREACHABLE


@transaction.atomic
def _note(pk: UUID) -> None:
    letter = locked_letter(pk)
    if letter is not None and letter.sent_at is None:
        sender = User.objects.filter(pk=letter.sent_by_id).first() if letter.sent_by_id else None
        note_sent(letter=letter, via=Letter.Via.EMAIL, actor=sender)


def _give_back(letter: Letter, failure: str) -> bool:
    """Nothing left: what may be tried again gets its claim back, everything else waits for a colleague."""
    if failure == _Failure.UNREACHABLE and letter.attempts < ATTEMPTS:
        Letter.objects.filter(pk=letter.pk).update(claimed_at=None, failure=failure)
        return False
    _fail(letter.pk, _Failure.REFUSED if failure == _Failure.UNREACHABLE else failure)
    return False


@transaction.atomic
def _fail(pk: UUID, failure: str) -> None:
    letter = Letter.objects.select_for_update().filter(pk=pk, sent_at__isnull=True).first()
    if letter is None:
        return
    Letter.objects.filter(pk=pk).update(failure=failure)
    record("letter.failed", actor=None, contact_id=letter.contact_id, target=letter, detail={"failure": str(failure)})

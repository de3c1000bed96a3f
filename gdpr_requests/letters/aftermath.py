"""What follows when a letter has left, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr_requests.desk.closing import letter_sent
from gdpr_requests.models import Letter, LetterKind
from gdpr_requests.restriction.services import note_letter_of_lift
from gdpr_requests.services.recipients import note_letter
from tasks.models import Task
from tasks.services import finish_tasks

if TYPE_CHECKING:
    from accounts.models import User


def follow(*, letter: Letter, actor: User | None) -> None:
    """Tell the register, which extends, refuses or closes the request; close the duty that the letter fulfils."""
    letter_sent(letter=letter, actor=actor)
    if letter.contact_id is None:
        return
    if letter.kind == LetterKind.INDIRECT:
        duty = Task.objects.filter(contact_id=letter.contact_id, kind=Task.Kind.INFORM)
        finish_tasks(duty, outcome=Task.Outcome.DONE, actor=actor)
    if letter.kind == LetterKind.RESTRICTION_LIFT:
        note_letter_of_lift(letter=letter, actor=actor)
    if letter.kind == LetterKind.RECIPIENTS and letter.recipient:
        note_letter(letter=letter, actor=actor)

"""A contact that is already held by somebody else: the user learns only that, and the officer gets a task.

Whoever may not see a card must not be able to find out by typing addresses whether it exists: each such answer is
recorded and there are only a few of them an hour.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.throttle import Limit
from audit.services import record
from contacts.models import Contact
from tasks.assignees import privacy_officer
from tasks.models import Task
from tasks.services import create_tasks

if TYPE_CHECKING:
    from accounts.models import User

PROBES = Limit("already-held", times=5, window=timedelta(hours=1))


def may_ask(user: User) -> bool:
    """Whether the user may still be told about cards they can't see."""
    return not PROBES.reached(str(user.pk))


@transaction.atomic
def report(*, user: User, hidden: Sequence[uuid.UUID]) -> None:
    """Tell the officer, once a day for each card and colleague, that the same contact was about to be entered."""
    PROBES.add(str(user.pk))
    officer = privacy_officer()
    today = timezone.localdate()
    cards = list(Contact.objects.filter(pk__in=hidden))
    create_tasks(
        [
            Task(
                key=card.key,
                contact=card,
                kind=Task.Kind.ALREADY_HELD,
                assignee=officer,
                due_on=today + timedelta(days=3),
                period_key=f"held:{card.pk}:{user.pk}:{today}",
                created_by=user,
            )
            for card in cards
        ],
        actor=user,
    )
    for card in cards:
        record("contact.already_held", actor=user, contact_id=card.pk)

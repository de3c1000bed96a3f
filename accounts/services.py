"""What people do with their own account. What administrators do with others' is in administration.py."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from accounts.letters import tell_old_address
from accounts.links import LinkKind
from accounts.models import User
from accounts.sessions import end_sessions
from accounts.throttle import Limit
from audit.services import record
from privacy.queue import enqueue

LETTERS_PER_NAME = Limit("letters name", 3, timedelta(hours=1))
LETTERS_PER_ADDRESS = Limit("letters address", 20, timedelta(hours=1))
# Queued for a name that nobody has, so that the answer takes as long as for one that somebody has.
NOBODY = uuid.UUID(int=0)


@transaction.atomic
def update_profile(*, user: User, values: Mapping[str, Any]) -> None:
    """Change what people may change about themselves: `full_name`, `language`, `theme`."""
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=changed)
        record("user.profile_changed", actor=user, target=user, fields=changed)


@transaction.atomic
def set_password(*, user: User, password: str, keep_session: str | None = None) -> None:
    """Set the password that its owner has chosen; every other session of theirs ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user, keep=keep_session)
    record("user.password_changed", actor=user, target=user)


@transaction.atomic
def request_link(*, email: str, address: str) -> None:
    """Send a link for a new password to whoever has this e-mail. Answers nothing, whoever asks.

    At most three letters an hour go to one name; one machine may ask twenty times an hour.
    """
    name = email.strip().lower()
    too_many = LETTERS_PER_NAME.reached(name) or LETTERS_PER_ADDRESS.reached(address)
    LETTERS_PER_NAME.add(name)
    LETTERS_PER_ADDRESS.add(address)
    user = User.objects.active().filter(email=name).first()
    record("user.link_requested", actor=None, target=user)
    if not too_many:
        queue_link(user, LinkKind.RESET)


def queue_link(user: User | None, kind: LinkKind) -> None:
    """Hand the letter to the worker once the transaction stands."""
    enqueue("accounts.jobs.send_link", user.pk if user else NOBODY, str(kind))


def queue_notice_to_old_address(address: str, language: str) -> None:
    """Tell the former address once the transaction stands. Sent from here: queues carry ids, never addresses."""
    transaction.on_commit(partial(tell_old_address, address=address, language=language), robust=True)

"""What sign-in sessions may go on holding once a person is erased: how somebody is signed in, and no words."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

# Texts that keep somebody signed in. Anything else in words could be a search, a draft or a message about somebody.
TECHNICAL = frozenset({SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, "_csrftoken", "_language"})


def forget_words() -> int:
    """Take everything but numbers and the texts of TECHNICAL out of all sessions; returns how many were changed.

    A session is read by its owner alone, but it lies in the database in clear: the way back to a page (a search among
    them), a draft, a message to be shown. Losing them costs a colleague a moment, and nobody is signed out.
    """
    changed = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        content = session.get_decoded()
        kept = {name: value for name, value in content.items() if _says_nothing(name, value)}
        if kept != content:
            data = SessionStore().encode(kept)
            changed += Session.objects.filter(pk=session.pk, session_data=session.session_data).update(
                session_data=data
            )
    # One that is over is only waiting for the nightly clean-up.
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    return changed


def _says_nothing(name: str, value: Any) -> bool:
    return name in TECHNICAL or value is None or isinstance(value, (int, float))

"""Ending sessions from outside."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Sign the person out everywhere but in the session with the key `keep`; answers in how many places.

    Sessions do not say whose they are without being opened; a company has few of them at once.
    """
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=keep).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=mine).delete()[0]

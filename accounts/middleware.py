"""What every request of a signed-in person passes through: the end of their session, and their language."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

STARTED = "signed_in_at"
SEEN = "last_seen_at"
# Writing the time of each click would cost a write per page; a minute is precise enough for a limit in hours.
PRECISION = 60

Answer = Callable[[HttpRequest], HttpResponse]


class SessionEndMiddleware:
    """Sign out whoever was idle for SESSION_IDLE_MINUTES, and everybody after SESSION_COOKIE_AGE."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._keep_or_end(request, int(time.time()))
        return self.get_response(request)

    @staticmethod
    def _keep_or_end(request: HttpRequest, now: int) -> None:
        seen = request.session.get(SEEN, now)
        started = request.session.setdefault(STARTED, now)
        if now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - started > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif SEEN not in request.session or now - seen > PRECISION:
            request.session[SEEN] = now


class LanguageMiddleware:
    """A signed-in person reads their own language; strangers keep what cookie or browser asked for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

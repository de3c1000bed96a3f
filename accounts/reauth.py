"""Asking for the password once more before something that cannot be undone.

A confirmation holds for settings.REAUTHENTICATION_MINUTES and lives in the session; signing in does not count as one,
because what follows it may be somebody else at an unlocked machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from accounts.current import current_user
from accounts.throttle import PER_NAME_AND_ADDRESS, client_address

CONFIRMED = "confirmed_at"
# Where to go back to, with its query. The query stays out of addresses, and so out of logs: it may name somebody.
BACK = "confirm_back"

View = Callable[..., HttpResponseBase]


def is_confirmed(request: HttpRequest) -> bool:
    """Whether this person gave their password within the last REAUTHENTICATION_MINUTES."""
    return time.time() - float(request.session.get(CONFIRMED, 0)) < settings.REAUTHENTICATION_MINUTES * 60


def confirm(request: HttpRequest) -> None:
    """Note that the password was right just now. The session gets a new key, as at sign-in."""
    request.session.cycle_key()
    request.session[CONFIRMED] = int(time.time())


def password_is_right(request: HttpRequest, password: str) -> bool:
    """Whether it is the password of whoever is signed in; counted and limited like a sign-in."""
    user = current_user(request)
    if authenticate(request, username=user.email, password=password) != user:
        return False
    PER_NAME_AND_ADDRESS.clear(user.email, client_address(request))
    return True


def reauthentication_required(view: View) -> View:
    """Let the view run only for somebody who confirmed their password a short while ago.

    Anyone else is led to the confirmation page and back: to the page itself, or, where the request was a POST or a
    fragment, to the page that it was sent from. A form sent is not repeated by itself: its sender presses again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if is_confirmed(request) else ask(request)

    return guarded


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the confirmation page (htmx: the whole window, not the fragment)."""
    back = _page_of(request)
    request.session[BACK] = back
    url = f"{reverse('accounts:confirm')}?{urlencode({'next': urlsplit(back).path})}"
    if request.method not in ("GET", "HEAD"):
        messages.info(request, gettext("Confirm your password, then repeat the step."))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=200, headers={"HX-Redirect": url})
    return redirect(url)


def _page_of(request: HttpRequest) -> str:
    """The page that somebody is on: path and query, always within this installation."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not is_safe(request, came_from):
        return request.path
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_safe(request: HttpRequest, url: str) -> bool:
    """Whether an address leads to this installation and nowhere else: a path or a whole one, never a bare word."""
    if not url.startswith(("/", "http://", "https://")) or not url.isprintable():
        return False
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def take_back(request: HttpRequest, wanted: str) -> str:
    """Where to go after the confirmation; the overview where `wanted` is empty or leads elsewhere."""
    remembered = str(request.session.pop(BACK, ""))
    if remembered and urlsplit(remembered).path == wanted:
        return remembered
    return wanted if is_safe(request, wanted) else reverse(settings.LOGIN_REDIRECT_URL)

"""Counting attempts, so that nobody can guess passwords or flood people with letters.

Why a table, and not the cache that django-axes offers: the file cache of an embedded installation is shared by
threads and processes but does not count atomically (django-axes refuses it), a cache may forget counters whenever it
is full, and Redis forgets them at restart. A row counts right on both databases and outlives a restart. Its key is an
HMAC under SECRET_KEY, so that no name and no address of a machine is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import AttemptCounter


@dataclass(frozen=True)
class Limit:
    """At most `times` attempts within `window`; the next one waits until a whole window has passed."""

    scope: str
    times: int
    window: timedelta = timedelta(minutes=15)

    def key(self, *parts: str) -> str:
        """What stands for these parts in the table: 64 hexadecimal digits."""
        text = "\0".join((self.scope, *parts))
        return salted_hmac("accounts.throttle", text, algorithm="sha256").hexdigest()

    def count(self, *parts: str) -> int:
        """How many attempts count against these parts now."""
        row = AttemptCounter.objects.filter(pk=self.key(*parts), ends_at__gt=timezone.now()).first()
        return row.count if row else 0

    def reached(self, *parts: str) -> bool:
        return self.count(*parts) >= self.times

    @transaction.atomic
    def add(self, *parts: str) -> int:
        """Count one attempt; answers how many there are now."""
        now = timezone.now()
        AttemptCounter.objects.filter(ends_at__lte=now).delete()
        AttemptCounter.objects.get_or_create(pk=self.key(*parts), defaults={"ends_at": now + self.window})
        row = AttemptCounter.objects.select_for_update().get(pk=self.key(*parts))
        row.count += 1
        if row.count >= self.times:
            row.ends_at = now + self.window
        row.save()
        return row.count

    def clear(self, *parts: str) -> None:
        AttemptCounter.objects.filter(pk=self.key(*parts)).delete()


# Someone who mistypes meets the first limit; guessing from many machines the second; many names from one the third.
PER_NAME_AND_ADDRESS = Limit("sign-in", 5)
PER_NAME = Limit("sign-in name", 50)
PER_ADDRESS = Limit("sign-in address", 50)


def client_address(request: HttpRequest) -> str:
    """Where the request comes from: behind our proxy the last address it wrote, else the peer's own."""
    if settings.BEHIND_PROXY:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR") or "")


def name_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The name somebody tries to sign in with, folded so that another spelling is not another counter."""
    given = credentials or {}
    return str(given.get("username") or given.get("email") or "").strip().lower()


class SignInThrottle(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]  # axes is untyped
    """django-axes asks this handler before a password is looked at, and tells it how the attempt ended."""

    def _limits(self, request: HttpRequest, name: str) -> list[tuple[Limit, tuple[str, ...]]]:
        address = client_address(request)
        return [(PER_NAME_AND_ADDRESS, (name, address)), (PER_NAME, (name,)), (PER_ADDRESS, (address,))]

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        name = name_of(request, credentials)
        return any(limit.reached(*parts) for limit, parts in self._limits(request, name))

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return PER_NAME_AND_ADDRESS.count(name_of(request, credentials), client_address(request))

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        # Attempts made while locked out are not counted: waiting must help.
        if request is None or getattr(request, "axes_locked_out", False):
            return
        for limit, parts in self._limits(request, name_of(request, credentials)):
            if limit.add(*parts) >= limit.times:
                request.axes_locked_out = True  # type: ignore[attr-defined]

    def user_logged_in(self, sender: object, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        PER_NAME_AND_ADDRESS.clear(user.email.lower(), client_address(request))

    def user_logged_out(self, sender: object, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Signing out changes no counter."""


def keep_answer(request: HttpRequest, response: Any, credentials: dict[str, Any] | None = None) -> Any:
    """Someone locked out gets the page they were on, which says so, with status 429 (RFC 6585)."""
    if response.status_code < 400:
        response.status_code = 429
    return response

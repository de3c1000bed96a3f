"""Sign-ins, failed ones and sign-outs go to the audit record: by id, or without any name where nobody has it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts.models import User
from accounts.throttle import name_of
from audit.services import record


def signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record("user.signed_in", actor=user, target=user)


def sign_in_failed(sender: object, credentials: dict[str, Any], request: HttpRequest | None, **kwargs: Any) -> None:
    """A name that nobody has may be a password typed into the wrong field: it is never written down."""
    user = User.objects.filter(email=name_of(request, credentials)).first()
    locked = bool(getattr(request, "axes_locked_out", False))
    record("user.sign_in_failed", actor=None, target=user, detail={"locked": int(locked)})


def signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record("user.signed_out", actor=user, target=user)


def connect() -> None:
    user_logged_in.connect(signed_in, dispatch_uid="accounts.signed_in")
    user_login_failed.connect(sign_in_failed, dispatch_uid="accounts.sign_in_failed")
    user_logged_out.connect(signed_out, dispatch_uid="accounts.signed_out")

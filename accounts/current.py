"""Who is asking."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def current_user(request: HttpRequest) -> User:
    """The signed-in colleague. For pages behind the sign-in only, where `request.user` is never a stranger."""
    return cast(User, request.user)

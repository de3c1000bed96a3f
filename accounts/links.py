"""Links by which people set their own password: signed, for one use, and with an end.

The token covers the password's hash, the e-mail and the last sign-in (see Django's generator), so that it is spent as
soon as the password was set, and dead when the e-mail changes.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode

from accounts.models import User


class LinkKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


LIFETIMES = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=2)}


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens of one kind; one kind does not open the other's door."""

    def __init__(self, kind: LinkKind) -> None:
        super().__init__()
        self.kind = kind
        self.key_salt = f"accounts.links.{kind}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Whether it is this person's and still runs. settings.PASSWORD_RESET_TIMEOUT bounds every kind."""
        if not (user and token and super().check_token(user, token)):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])
        return bool(age <= LIFETIMES[self.kind].total_seconds())


TOKENS = {kind: LinkTokens(kind) for kind in LinkKind}


def link_for(user: User, kind: LinkKind) -> str:
    """The whole address, for a letter. It starts with SITE_URL: a request's Host header could be forged."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse(f"accounts:{kind}", args=(uid, TOKENS[kind].make_token(user)))
    return str(settings.SITE_URL).rstrip("/") + path

"""The first administrator of an embedded installation, and the password that `make run` prints until it is changed."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User

FIRST_EMAIL = "admin@karta.example"
PASSWORD_VARIABLE = "CRM_DEMO_PASSWORD"  # noqa: S105 - the name of a variable, not a password
FILE_NAME = "first-sign-in"


@dataclass(frozen=True)
class SignIn:
    """An e-mail and a password as they stand in the file; the file is readable by its owner only."""

    email: str
    password: str


def first_sign_in() -> SignIn | None:
    """The sign-in to print; None once the administrator has chosen a password of their own."""
    try:
        email, password = (settings.VAR_DIR / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or not user.check_password(password):
        (settings.VAR_DIR / FILE_NAME).unlink()
        return None
    return SignIn(email, password)


@transaction.atomic
def ensure_administrator() -> bool:
    """Create the first administrator where there is no user yet; True if that was done now.

    The password comes from CRM_DEMO_PASSWORD or is made up. A later start with another CRM_DEMO_PASSWORD sets it anew,
    but only while the printed one is still in force: a password that somebody chose is never overwritten.
    """
    wanted = os.environ.get(PASSWORD_VARIABLE, "")
    if not User.objects.exists():
        password = wanted or secrets.token_urlsafe(12)
        language = settings.LANGUAGE_CODE
        name = "Administrátor" if language == "cs" else "Administrator"
        user = User.objects.create_superuser(FIRST_EMAIL, password, full_name=name, language=language)
        user.groups.add(*Group.objects.filter(name="Administrator"))
        _remember(SignIn(FIRST_EMAIL, password))
        return True
    known = first_sign_in()
    if known and wanted and wanted != known.password:
        user = User.objects.get(email=known.email)
        user.set_password(wanted)
        user.save(update_fields=["password"])
        _remember(SignIn(known.email, wanted))
    return False


def _remember(sign_in: SignIn) -> None:
    path = settings.VAR_DIR / FILE_NAME
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{sign_in.email}\n{sign_in.password}\n")

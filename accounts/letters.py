"""Letters to colleagues about their account. The subject names nobody; the text holds the link and nothing more."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from accounts.links import LIFETIMES, LinkKind, link_for
from accounts.models import Installation, User


def send_link(*, user: User, kind: LinkKind) -> None:
    """Send the link by which the person sets a password, in the person's language."""
    with translation.override(user.language):
        hours = int(LIFETIMES[kind].total_seconds()) // 3600
        context = {
            "link": link_for(user, kind),
            "company": Installation.current().name,
            "hours": hours,
            "days": hours // 24,
        }
        subject = {
            LinkKind.INVITATION: gettext("Your invitation to Karta"),
            LinkKind.RESET: gettext("Karta: set a new password"),
        }[kind]
        text = render_to_string(f"accounts/letters/{kind}.txt", context)
        send_mail(subject, text, None, [user.email])


def tell_old_address(*, address: str, language: str) -> None:
    """Tell the former address of an account that it no longer signs anybody in: the owner may not know."""
    with translation.override(language):
        text = render_to_string("accounts/letters/address_changed.txt", {"company": Installation.current().name})
        send_mail(gettext("Karta: the e-mail of your account was changed"), text, None, [address])

"""What every page of the shell needs to know: the sidebar, its counters, and the addresses of its own forms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import HttpRequest

from crm import counters
from crm.nav import Link, links_for, url_or_empty

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Shell:
    """Everything is worked out when the template asks for it: a fragment that asks for nothing costs nothing."""

    user: User | AnonymousUser
    path: str

    @cached_property
    def links(self) -> list[Link]:
        """The sidebar."""
        return links_for(self.user, self.path)

    @cached_property
    def counts(self) -> dict[str, counters.Count]:
        """What waits for this user, by the name of the counter. A fixed number of queries."""
        return counters.for_user(self.user) if self.user.is_authenticated else {}

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses that the shell offers where they exist."""
        names = {
            "home": "crm:dashboard",
            "search": "crm:search",
            "contacts": "crm:contacts",
            "new_contact": "intake:new",
            "profile": "accounts:profile",
            "preferences": "accounts:preferences",
            "logout": "accounts:logout",
            "login": "accounts:login",
            "installation": "accounts:installation",
        }
        return {key: url_or_empty(name) for key, name in names.items()}

    @cached_property
    def admin_url(self) -> str:
        """The administration, for those who may open it."""
        return url_or_empty("admin:index") if getattr(self.user, "is_staff", False) else ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor: `shell` in every template."""
    return {"shell": Shell(request.user, request.path)} if hasattr(request, "user") else {}

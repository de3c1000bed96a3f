"""The entries of the sidebar. An entry whose address does not exist, or whose permission is missing, is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar: what it is called, where it leads, who may see it (any of the permissions)."""

    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()
    counter: str = ""
    group: str = "work"


ENTRIES: tuple[Entry, ...] = (
    Entry(_("Overview"), "crm:dashboard", "squares-2x2"),
    Entry(_("Contacts"), "crm:contacts", "users", ("contacts.view_contact",)),
    Entry(_("Tasks"), "tasks:list", "check-circle", counter="tasks"),
    Entry(
        _("Requests"),
        "gdpr_requests:desk",
        "inbox-stack",
        ("gdpr_requests.view_datasubjectrequest",),
        counter="requests",
    ),
    Entry(_("Purposes and consents"), "consents:purposes", "scale"),
    Entry(_("Reports"), "crm:reports", "document-chart-bar"),
    Entry(_("Import"), "intake:import", "arrow-up-tray", ("contacts.import_contact",), group="tools"),
    Entry(_("Mailing lists"), "outreach:lists", "paper-airplane", ("outreach.export_mailinglist",), group="tools"),
    Entry(_("Breaches"), "gdpr_requests:breaches", "shield-exclamation", ("gdpr_requests.view_breach",), group="tools"),
    Entry(_("Audit"), "crm:audit", "eye", ("audit.view_auditevent",), group="tools"),
)


@dataclass(frozen=True)
class Link:
    """An entry as one user sees it on one page."""

    label: str
    url: str
    icon: str
    counter: str
    group: str
    current: bool


def url_or_empty(name: str, *args: object) -> str:
    """The address called `name`, or an empty string where this installation has none."""
    return _resolved(name, args, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=256)
def _resolved(name: str, args: tuple[object, ...], urlconf: str, _prefix: str) -> str:
    # Kept, because the frame asks for some twenty addresses on every page and they never change.
    try:
        return reverse(name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        return ""


def links_for(user: User | AnonymousUser, path: str) -> list[Link]:
    """The sidebar of `user` on the page `path`; the longest entry that the path begins with is the current one."""
    shown = [
        (entry, url)
        for entry in ENTRIES
        if (url := url_or_empty(entry.url_name))
        and (not entry.permissions or any(user.has_perm(name) for name in entry.permissions))
    ]
    under = [url for _entry, url in shown if path == url or (url != "/" and path.startswith(url))]
    current = max(under, key=len, default="")
    return [Link(str(entry.label), url, entry.icon, entry.counter, entry.group, url == current) for entry, url in shown]

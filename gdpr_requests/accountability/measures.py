"""Security measures (Art. 32), as the record of processing and the pack name them.

What the product does by itself is described here, in the reader's language. The company may word it differently, leave
it out, and add measures of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from audit.services import record
from gdpr_requests.models import SecurityMeasure

if TYPE_CHECKING:
    from accounts.models import User


def _product() -> dict[str, str]:
    """What the product does, by code, in the language that is active. Only what is true of this installation."""
    said = {
        "encryption": gettext(
            "Names, addresses, notes and other values are encrypted in the database (AES-256-GCM), those of each "
            "person under a key of their own. Files are encrypted too."
        ),
        "keys": gettext(
            "The key that opens everything lies outside the database. Without it the system does not start; it can be "
            "exchanged while the system runs."
        ),
        "search": gettext("Search works on keyed hashes. Nobody reads a name out of the search index."),
        "access": gettext(
            "Colleagues see and do only what their role allows, and only the contacts that the installation lets them "
            "see. Accounts of those who leave are closed at once."
        ),
        "sign-in": gettext(
            "Passwords are kept as Argon2 hashes, guessing is slowed down and stopped, an idle session ends after "
            "%(minutes)d minutes, and the password is asked again before anything that cannot be undone."
        )
        % {"minutes": settings.SESSION_IDLE_MINUTES},
        "audit": gettext(
            "Who saw or changed whose data is recorded. The record only grows, each entry is bound to the one before "
            "it, and a change would show."
        ),
        "consents": gettext(
            "Every message goes through one gate: without a valid consent or another ground none leaves. The history "
            "of consents only grows and is verified."
        ),
        "periods": gettext("The system watches every period and reminds a named colleague before it ends."),
        "erasure": gettext(
            "Erasure removes the data, destroys the person’s key, and is checked afterwards. Restoring a backup brings "
            "nobody back."
        ),
        "minimum": gettext(
            "Logs, the queue and the audit hold numbers and codes, never names or addresses. No data go to other "
            "services, and pages load nothing from elsewhere."
        ),
    }
    if settings.HTTPS:
        said["transport"] = gettext("The connection between colleagues and the server is encrypted (HTTPS).")
    return said


@dataclass(frozen=True)
class Measure:
    """One measure as it is told. `which` is its place in addresses: the code, or the number of the company's own."""

    which: str
    text: str
    is_used: bool
    is_own: bool
    is_changed: bool


def all_measures() -> list[Measure]:
    """Every measure, those left out too: the product's first, then the company's own."""
    rows = list(SecurityMeasure.objects.all())
    changed = {row.code: row for row in rows if row.code}
    found = []
    for code, text in _product().items():
        row = changed.get(code)
        worded = bool(row and row.text)
        found.append(Measure(code, row.text if row and row.text else text, row is None or row.is_used, False, worded))
    own = [row for row in rows if not row.code]
    return found + [Measure(str(row.pk), row.text, row.is_used, True, False) for row in own]


def measures() -> list[str]:
    """What the record says."""
    return [measure.text for measure in all_measures() if measure.is_used]


def find_measure(which: str) -> SecurityMeasure | None:
    """The row behind an address, a new one for a code that nobody has changed yet; None for an unknown one."""
    if which in _product():
        return SecurityMeasure.objects.filter(code=which).first() or SecurityMeasure(code=which, position=0)
    return SecurityMeasure.objects.filter(pk=which, code=None).first() if which.isascii() and which.isdigit() else None


def text_of(row: SecurityMeasure) -> str:
    """Its words: the company's where there are any, else the product's."""
    return row.text or _product().get(row.code or "", "")


@transaction.atomic
def save_measure(*, row: SecurityMeasure, text: str, is_used: bool, actor: User) -> SecurityMeasure:
    """Word a measure, or leave it out of the record. The product's own words are not stored: they follow upgrades."""
    row.is_used = is_used
    row.text = "" if row.code and text == _product().get(row.code) else text
    row.save()
    record("security_measure.changed", actor=actor, target=row, fields=["text", "is_used"])
    return row

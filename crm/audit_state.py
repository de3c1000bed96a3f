"""What the chain of the audit says at this moment, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import AuditEvent
from audit.verification import VERIFIED, anchor_fault, last_verification
from crm import formats
from crm.audit_details import FAULTS


@dataclass(frozen=True)
class ChainState:
    """`tone` is "ok", "info" (not verified yet) or "bad"."""

    tone: str
    title: str
    text: str


def chain_state() -> ChainState:
    """Since when the record is known to hold, or what is wrong with it. A few reads, however long the record."""
    if fault := anchor_fault():
        return _wrong(fault, _("The anchor was compared just now."))
    last = last_verification()
    if last is None:
        text = _(
            "Every event is chained within a minute and the chain is anchored outside the database. "
            "The whole of it is verified once a day."
        )
        return ChainState("info", _("Not verified yet"), text)
    if last.action != VERIFIED:
        return _wrong(str(last.detail.get("reason", "")), _place(last))
    return ChainState("ok", _("The record is whole"), _verified(last))


def _verified(event: AuditEvent) -> str:
    count = int(event.detail["links"])
    words = ngettext(
        "Verified on %(when)s: %(count)s event stands in the chain, unchanged; the anchor outside the database agrees.",
        "Verified on %(when)s: %(count)s events stand in the chain, unchanged; the anchor outside the database agrees.",
        count,
    )
    return words % {"when": formats.daytime(event.at), "count": formats.number(count)}


def _place(event: AuditEvent) -> str:
    at = _("Found on %(when)s.") % {"when": formats.daytime(event.at)}
    if "position" not in event.detail:
        return at
    return f"{at} {_('The first bad place is link %(position)s.') % {'position': event.detail['position']}}"


def _wrong(fault: str, more: str) -> ChainState:
    words = _("What is wrong: %(fault)s.") % {"fault": FAULTS.get(fault, fault)}
    advice = _("Do not trust this record until your administrator has run “manage.py verify_audit”.")
    return ChainState("bad", _("The record does not hold"), f"{words} {more} {advice}")

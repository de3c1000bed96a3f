"""What was done about a breach, as the audit knows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import AuditEvent
from gdpr_requests.models import Breach

# The actions of the register: the index by action keeps the question short, however long the audit is.
ACTIONS: dict[str, Promise] = {
    "breach.recorded": _("recorded a breach"),
    "breach.changed": _("wrote more about a breach"),
    "breach.assessed": _("assessed a breach and decided about it"),
    "breach.authority_notified": _("noted that the authority was notified of a breach"),
    "breach.people_told": _("noted that the people were told of a breach"),
    "breach.contacts_found": _("looked up whose data a breach touched"),
    "breach.contact_removed": _("took a contact off a breach"),
    "breach.drafted": _("made a draft notice of a breach"),
    "breach.closed": _("closed a breach"),
    "breach.reopened": _("opened a breach again"),
}


@dataclass(frozen=True)
class Step:
    """One step in words, when, and by whom (empty: the system, or an account that is gone)."""

    what: str
    at: dt.datetime
    who: str


def history_of(breach: Breach) -> list[Step]:
    """Everything done about the breach, newest first, in two queries."""
    events = list(AuditEvent.objects.filter(action__in=list(ACTIONS), target_id=str(breach.pk)).order_by("-at", "-pk"))
    names = {u.pk: str(u) for u in User.objects.filter(pk__in={e.actor_id for e in events if e.actor_id})}
    return [Step(str(ACTIONS[e.action]), e.at, names.get(e.actor_id, "") if e.actor_id else "") for e in events]

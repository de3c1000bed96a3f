"""Names of fields and details of an audit event in the reader's language. A code without words fails a test."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import User
from accounts.permission_labels import LABELS, permission_label
from audit.models import AuditEvent
from consents.models import Basis, Channel, EndReason, Objection, Purpose, Suppression
from contacts.models import Source
from crm.audit_words import ACTIONS
from gdpr_requests.breaches.affected import WAYS
from gdpr_requests.desk.identity import Doubt
from gdpr_requests.export.collect import Variant
from gdpr_requests.models import (
    Breach,
    ErasureReason,
    IdentityMethod,
    Letter,
    LetterKind,
    RefusalGround,
    RestrictionReason,
    Right,
    ToldVia,
)
from gdpr_requests.models import Channel as WayIn
from gdpr_requests.recipients import label_of
from tasks.models import Task

# What a detail is called.
KEYS: dict[str, str | Promise] = {
    "asking": gettext_lazy("asking for something, so they stay"),
    "held": gettext_lazy("held, so they stay"),
    "restricted": gettext_lazy("restricted, so they stay"),
    "ready": gettext_lazy("to be erased"),
    "way": gettext_lazy("found by"),
    "risk": gettext_lazy("risk"),
    "people_decision": gettext_lazy("the people"),
    "decision": gettext_lazy("decision"),
    "action": gettext_lazy("what"),
    "actor": gettext_lazy("who"),
    "added": gettext_lazy("entries added"),
    "basis": gettext_lazy("lawful basis"),
    "because": gettext_lazy("why"),
    "bytes": gettext_lazy("bytes"),
    "cards": gettext_lazy("cards"),
    "certificates": gettext_lazy("certificates added"),
    "channel": gettext_lazy("channel"),
    "consent_tasks": gettext_lazy("tasks about consents"),
    "contact": gettext_lazy("card"),
    "contacts": gettext_lazy("contacts held"),
    "count": pgettext_lazy("audit", "how many"),
    "created": gettext_lazy("contacts made"),
    "days": gettext_lazy("days"),
    "doubt": gettext_lazy("what is in doubt"),
    "ended": gettext_lazy("grounds ended"),
    "erased_again": gettext_lazy("contacts erased again"),
    "erasure": gettext_lazy("erasure"),
    "event": gettext_lazy("event"),
    "expired": gettext_lazy("consents expired"),
    "failure": gettext_lazy("why not"),
    "files": gettext_lazy("files"),
    "form": gettext_lazy("form"),
    "found": gettext_lazy("card found"),
    "from": gettext_lazy("from card"),
    "ground": gettext_lazy("ground of the refusal"),
    "ground_tasks": gettext_lazy("tasks about grounds"),
    "head": gettext_lazy("up to link"),
    "into": gettext_lazy("into card"),
    "kept": gettext_lazy("kept"),
    "keys": gettext_lazy("keys destroyed"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "late": gettext_lazy("late"),
    "left_out": gettext_lazy("left out"),
    "letter": gettext_lazy("letter"),
    "lines": gettext_lazy("lines"),
    "links": gettext_lazy("events verified"),
    "locked": gettext_lazy("sign-in stopped"),
    "method": gettext_lazy("how the identity was checked"),
    "moved": gettext_lazy("things handed over"),
    "named": gettext_lazy("named in the ledger"),
    "new": gettext_lazy("contacts added"),
    "number": gettext_lazy("number"),
    "outcome": gettext_lazy("outcome"),
    "outdated": gettext_lazy("tasks no longer needed"),
    "panel": gettext_lazy("part of the card"),
    "people": gettext_lazy("contacts erased again"),
    "position": gettext_lazy("link"),
    "proposals": gettext_lazy("erasures proposed"),
    "purpose": gettext_lazy("purpose"),
    "purposes": gettext_lazy("purposes"),
    "reason": gettext_lazy("reason"),
    "recipients": gettext_lazy("recipients"),
    "records": gettext_lazy("records"),
    "refused": gettext_lazy("rows refused"),
    "removed": gettext_lazy("removed"),
    "reviews": gettext_lazy("tests to review"),
    "right": gettext_lazy("what they ask for"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("rows"),
    "since": gettext_lazy("from day"),
    "source": gettext_lazy("source"),
    "step": gettext_lazy("days before the deadline"),
    "tasks": gettext_lazy("tasks"),
    "to": gettext_lazy("to colleague"),
    "until": gettext_lazy("to day"),
    "variant": gettext_lazy("kind of copy"),
    "version": gettext_lazy("version"),
    "via": gettext_lazy("sent by"),
    "ways": gettext_lazy("looked for in"),
    "what": gettext_lazy("what was done"),
    "wrong": gettext_lazy("wrong codes"),
}

# What the chain can suffer from, as `audit.verification` names it.
FAULTS: dict[str, str | Promise] = {
    "checkpoint_broken": gettext_lazy("the checkpoint of the last pruning was not written by this installation"),
    "link_missing": gettext_lazy("a link is missing or stands out of order"),
    "link_changed": gettext_lazy("a link was changed, or the event under it exchanged"),
    "event_changed": gettext_lazy("an event was changed or did not come from this installation"),
    "event_not_linked": gettext_lazy("an event has waited for its link too long; perhaps the worker does not run"),
    "anchor_missing": gettext_lazy("the anchor file is missing"),
    "anchor_broken": gettext_lazy("the anchor file is damaged"),
    "anchor_disagrees": gettext_lazy("the chain differs from what the anchor saw"),
    "tail_cut": gettext_lazy("the end of the record was removed, or an older database was restored"),
}

# What the codes of a detail mean.
VALUES: dict[str, Mapping[str, str | Promise]] = {
    "basis": dict(Basis.choices),
    "channel": dict(Channel.choices),
    "outcome": dict(Task.Outcome.choices),
    "source": dict(Source.choices),
    "action": ACTIONS,
    "reason": {
        **FAULTS,
        **dict(Suppression.Reason.choices),
        **dict(EndReason.choices),
        **dict(ErasureReason.choices),
    },
    "variant": {
        Variant.COMPLETE: gettext_lazy("complete copy"),
        **{one: gettext_lazy("portable copy") for one in Variant if one != Variant.COMPLETE},
    },
    "kind": {
        "invitation": gettext_lazy("invitation"),
        "reset": gettext_lazy("new password"),
        "csv": "CSV",
        "xlsx": "XLSX",
        "vcard": "vCard",
        "eml": gettext_lazy("e-mail"),
    },
    "doubt": dict(Doubt.choices),
    "failure": dict(Letter.Failure.choices),
    "ground": dict(RefusalGround.choices),
    "language": {"cs": gettext_lazy("Czech"), "en": gettext_lazy("English")},
    "method": dict(IdentityMethod.choices),
    "right": dict(Right.choices),
    "via": {
        "email": gettext_lazy("by e-mail"),
        "post": gettext_lazy("by post"),
        "data_box": gettext_lazy("by data box"),
        "handed": gettext_lazy("in person"),
    },
    "what": {
        "exported": gettext_lazy("a copy was made"),
        "corrected": gettext_lazy("data were corrected"),
        "erased": gettext_lazy("data were erased"),
        "restricted": gettext_lazy("processing was restricted"),
        "objected": gettext_lazy("the objection was recorded"),
        "withdrawn": gettext_lazy("the consent was withdrawn"),
    },
    "step": {"overdue": gettext_lazy("over already")},
    "because": {
        "missing": gettext_lazy("the file was missing"),
        "older": gettext_lazy("the file was older than the database"),
        "foreign": gettext_lazy("the file was another installation's"),
        "too_old": gettext_lazy("the database was too old"),
        "broken": gettext_lazy("the file was damaged"),
        "nothing": gettext_lazy("nothing was wrong"),
    },
    "late": {"0": gettext_lazy("no"), "1": gettext_lazy("yes")},
    "found": {"0": gettext_lazy("no"), "1": gettext_lazy("yes")},
    "locked": {"0": gettext_lazy("no"), "1": gettext_lazy("yes")},
    "panel": {
        "head": gettext_lazy("name and tags"),
        "timeline": gettext_lazy("what happened"),
        "contact": gettext_lazy("contact details"),
        "viewers": gettext_lazy("who has seen the card"),
        "people": gettext_lazy("people of the firm"),
        "lights": gettext_lazy("may we contact?"),
        "grounds": gettext_lazy("why we hold this"),
        "holds": gettext_lazy("legal holds"),
        "tasks": gettext_lazy("tasks"),
        "requests": gettext_lazy("requests of the person"),
        "rights": gettext_lazy("rights"),
        "recipients": gettext_lazy("recipients to tell"),
    },
}

# The same code in another room.
VALUES_OF: dict[str, dict[str, Mapping[str, str | Promise]]] = {
    "breach": {
        "risk": {**dict(Breach.Risk.choices), "open": Breach.Risk.UNKNOWN.label},
        "decision": {**dict(Breach.Decision.choices), "open": Breach.Decision.OPEN.label},
        "people_decision": {**dict(Breach.PeopleDecision.choices), "open": Breach.PeopleDecision.OPEN.label},
        "kind": {"authority": gettext_lazy("to the authority"), "people": gettext_lazy("to the people")},
        "form": {"pdf": "PDF", "txt": gettext_lazy("text")},
        "way": {
            **{code: words for code, (words, _actions) in WAYS.items()},
            "several": gettext_lazy("several ways"),
            "all": gettext_lazy("the whole database was touched"),
        },
    },
    "objection": {"outcome": dict(Objection.Outcome.choices)},
    "contact": {"reason": dict(RestrictionReason.choices), "via": dict(ToldVia.choices)},
    "letter": {"kind": dict(LetterKind.choices)},
    "letter_template": {"kind": dict(LetterKind.choices)},
    "request": {"channel": dict(WayIn.choices), "kind": dict(LetterKind.choices)},
}

# Fields that are called otherwise than the columns, or have no column.
FIELDS: dict[str, str | Promise] = {"groups": gettext_lazy("roles")}

# Whose name stands behind an id.
COLLEAGUES = ("to", "actor")
ROLES = "role"


class Names:
    """What codes and ids of these events are called: purposes, colleagues and roles, each kind in one query at most."""

    def __init__(self, events: Iterable[AuditEvent]) -> None:
        details = [event.detail for event in events]
        slugs = {detail["purpose"] for detail in details if "purpose" in detail}
        people = {value for detail in details for key in COLLEAGUES if _is_id(value := detail.get(key))}
        roles = {value for detail in details for key, value in detail.items() if key.partition(".")[0] == ROLES}
        self.purposes = dict(Purpose.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
        self.people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=people)} if people else {}
        found = Group.objects.filter(pk__in=roles).values_list("pk", "name") if roles else ()
        self.roles = {pk: _(name) for pk, name in found}


def details(event: AuditEvent, names: Names) -> Iterator[str]:
    """Each detail of the event in words."""
    # One database keeps the order in which they were written, the other does not.
    for key, value in sorted(event.detail.items()):
        if key in LABELS:
            yield f"{pgettext('audit', 'added') if value else _('taken away')}: {permission_label(key)}"
        else:
            kind = key.partition(".")[0]
            known = VALUES_OF.get(event.action.partition(".")[0], {}).get(kind) or VALUES.get(kind, {})
            yield f"{key_words(key)}: {_name(kind, value, names) or known.get(str(value), value)}"


def key_words(key: str) -> str:
    """What a detail is called; one of several ("role.0") like the others."""
    return str(KEYS.get(key.partition(".")[0], key))


def _name(key: str, value: Any, names: Names) -> str:
    """Whose or what name stands behind the value; "" where it is no id."""
    if key == "purpose":
        return str(names.purposes.get(value, value))
    if key == ROLES:
        return names.roles.get(value, _("a former role"))
    if key in COLLEAGUES and _is_id(value):
        return names.people.get(value, _("a former colleague"))
    if key in COLLEAGUES and value == "system":
        return _("the system")
    return ""


def _is_id(value: object) -> bool:
    try:
        return bool(uuid.UUID(str(value)))
    except ValueError:
        return False


def field_words(event: AuditEvent, name: str) -> str:
    """The name of a field of whatever the event is about."""
    model, _dot, last = name.rpartition(".")
    if event.target_type:
        return _of_model(event.target_type, last)
    words = label_of(name)
    if model and last == "added":
        return _("%(what)s (added)") % {"what": words}
    return _("%(what)s (removed)") % {"what": words} if model and last == "removed" else words


def _of_model(label: str, name: str) -> str:
    try:
        field = apps.get_model(label)._meta.get_field(name)
    except (FieldDoesNotExist, LookupError, ValueError):
        return str(FIELDS.get(name, name))
    return str(FIELDS.get(name) or getattr(field, "verbose_name", name))


def about(event: AuditEvent, names: Names) -> str:
    """Which fields, and the details; never a value of the card."""
    fields = ", ".join(dict.fromkeys(field_words(event, name) for name in event.fields))
    return "; ".join(capfirst(part) for part in (fields, *details(event, names)) if part)

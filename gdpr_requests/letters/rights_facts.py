"""What letters say of the rights themselves, read from the data map, the grounds, the audit and the erasure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from contacts.models import Contact, Source
from gdpr_requests.delivery.services import link_of, waiting_copy
from gdpr_requests.desk.deadlines import extended_deadline
from gdpr_requests.desk.identity import Doubt
from gdpr_requests.erasure.certificate import certificate_of, label
from gdpr_requests.erasure.plan import INNER
from gdpr_requests.export.information import Information, inform, period_text
from gdpr_requests.export.values import article_text, day_text
from gdpr_requests.export.words import rank
from gdpr_requests.models import CopyDelivery, DataSubjectRequest, ErasureItem, EventKind, RefusalGround
from gdpr_requests.models import LetterKind as Kind
from gdpr_requests.recipients import label_of, pending, recipients_of

Facts = dict[str, str]
_KEYS = "privacy.SubjectKey"


def of_kind(kind: str, request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    """The placeholders of one kind of letter, as far as the system knows them."""
    read = _READERS.get(kind)
    return read(request, contact) if read else {}


def as_list(items: list[str]) -> str:
    """The items as the list of a letter; one line each."""
    return "\n".join(f"- {' '.join(item.split())}" for item in items)


# --- access, portability, Art. 14 -----------------------------------------------------------------------------------


def _information(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if contact is None:
        return {}
    told = inform(contact)
    return {
        "purposes": as_list([_purpose(purpose) for purpose in told.purposes if not purpose["ended"]]),
        "categories": _sentence(", ".join(item["label"] for item in told.categories)),
        "recipients": as_list(told.recipients) or gettext("Nobody outside the company."),
        "sources": as_list([_sentence(_from_you(source)) for source in told.sources]),
        "automated": told.automated_decisions,
        "transfers": told.transfers,
    }


def _purpose(purpose: dict[str, Any]) -> str:
    basis = f"{purpose['basis']['label']} ({article_text(purpose['basis']['article'])})"
    recipients = ", ".join(purpose["recipients"])
    parts = [
        f"{purpose['name']}: {_sentence(purpose['description'])}",
        gettext("Lawful basis: %(basis)s.") % {"basis": ", ".join(filter(None, (basis, purpose["legal_reference"])))},
        gettext("Data: %(categories)s.") % {"categories": ", ".join(item["label"] for item in purpose["categories"])},
        gettext("Kept for: %(period)s") % {"period": _sentence(period_text(purpose))},
    ]
    if purpose["until"]:
        until = day_text(dt.date.fromisoformat(purpose["until"]))
        parts.append(gettext("In your case until %(day)s.") % {"day": until})
    if recipients:
        parts.append(gettext("Recipients: %(names)s.") % {"names": recipients})
    return " ".join(parts)


def _from_you(source: str) -> str:
    """The person reads it: what a page calls "the person themselves" is them."""
    person = str(Source.PERSON.label)
    return source.replace(person, gettext("directly from you"), 1) if source.startswith(person) else source


def _sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else f"{text}."


def _access(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    return _information(request, contact) | {"copy": _copy(contact, CopyDelivery.Variant.COMPLETE)}


def _portable(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if contact is None:
        return {"copy": _copy(None, CopyDelivery.Variant.PORTABLE)}
    told: Information = inform(contact)
    own = [item for item in told.purposes if item["basis"]["code"] in ("consent", "contract") and not item["ended"]]
    return {
        "purposes": as_list([_purpose(purpose) for purpose in own]),
        "copy": _copy(contact, CopyDelivery.Variant.PORTABLE),
    }


def _copy(contact: Contact | None, variant: str) -> str:
    """Where the copy waits; it is never attached, since an e-mail lies in many places."""
    waiting = waiting_copy(contact, variant) if contact is not None else None
    if waiting is not None:
        return gettext(
            "You can download the copy here until %(day)s:\n\n%(link)s\n\nThe page asks for a code of eight digits, "
            "which we tell you another way."
        ) % {"day": day_text(timezone.localdate(waiting.ends_at)), "link": link_of(waiting)}
    return copy_separately()


def copy_separately() -> str:
    """What is said of a copy that does not wait yet: never attached, since an e-mail lies in many places."""
    return gettext(
        "You will receive the copy separately, through a link that opens with a code only and ends after a while. If "
        "you prefer another way, on paper for example, let us know."
    )


# --- correction, erasure, restriction --------------------------------------------------------------------------------


def _rectification(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if contact is None:
        return {}
    waiting = pending(contact)
    return {
        "corrected": ", ".join(dict.fromkeys(label for label in _corrected(contact, request) if label)),
        "recipients": as_list([one.recipient.name for one in waiting]),
    }


def _corrected(contact: Contact, request: DataSubjectRequest | None) -> list[str]:
    """The fields corrected since the request came, or in the last month."""
    from audit.models import AuditEvent

    since = request.received_on if request else timezone.localdate() - dt.timedelta(days=30)
    start = timezone.make_aware(dt.datetime.combine(since, dt.time.min))
    events = AuditEvent.objects.for_contact([contact.pk]).filter(action="contact.changed", at__gte=start)
    return [label_of(name) for event in events.order_by("at") for name in event.fields]


def erasure_of(request: DataSubjectRequest | None) -> ErasureItem | None:
    """The erasure that was done because of the request."""
    if request is None:
        return None
    erased = ErasureItem.objects.filter(request_id=request.pk, state=ErasureItem.State.ERASED)
    return erased.order_by("-erased_at").first()


def _erasure(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    item = erasure_of(request)
    if item is None or item.erased_at is None:
        return {}
    blocked = item.counts.get("suppressed", 0)
    return {
        "erased_on": day_text(timezone.localdate(item.erased_at)),
        "certificate": str(item.certificate),
        "erased": as_list(_gone(item)),
        "kept": _kept(item),
        "blocked": _blocked(blocked) if blocked else "",
        "recipients": as_list(list(item.recipients)),
    }


def _gone(item: ErasureItem) -> list[str]:
    """What went, in tables that people know; the rest in one line. The certificate counts every table."""
    tables = sorted((name for name in item.counts if "." in name and name not in (*INNER, _KEYS)), key=rank)
    found = [f"{label(name)}: {item.counts[name]}" for name in tables]
    if item.counts.get("files"):
        found.append(gettext("files from the disk: %(count)s") % {"count": item.counts["files"]})
    return [*found, gettext("the search index, and the keys under which the data were stored")]


def _kept(item: ErasureItem) -> str:
    if not item.kept:
        return gettext("No law obliges us to keep anything.")
    rows = [
        gettext("%(purpose)s (%(categories)s): until %(day)s, because of %(because)s")
        % {"purpose": purpose, "categories": categories, "because": because, "day": day}
        for purpose, categories, because, day in certificate_of(item).kept
    ]
    after = gettext("These data lie apart. We use them for nothing else, and after that day they are deleted as well.")
    return f"{as_list(rows)}\n\n{after}"


def _blocked(count: int) -> str:
    return ngettext(
        "So that we never write to you again by mistake, we keep a keyed hash of your address. It cannot be turned "
        "back into the address.",
        "So that we never write to you again by mistake, we keep keyed hashes of your addresses. They cannot be turned "
        "back into the addresses.",
        count,
    )


def _restriction(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if contact is None:
        return {}
    since = contact.restricted_at
    return {
        "restricted_since": day_text(timezone.localdate(since)) if since else "",
        "recipients": as_list([one.name for one in recipients_of(contact)]),
    }


# --- clock, identity, refusal ----------------------------------------------------------------------------------------


def _identity(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    """What is asked for depends on what is in doubt, and is the least that settles it (Art. 12(6), 5(1)(c))."""
    asked = request.events.filter(kind=EventKind.ASKED).order_by("-at").first() if request is not None else None
    if asked is not None and asked.detail.get("doubt") == Doubt.ON_BEHALF:
        authority = gettext("send us a copy of the power of attorney, or of another paper that lets you act for them.")
        return {"needed": as_list([authority])}
    return {
        "needed": as_list(
            [
                gettext("confirm your request from the e-mail address or phone that we have on record for you, or"),
                gettext("tell us the number of a contract, an order or an invoice between us."),
            ]
        )
    }


def _extension(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if request is None:
        return {}
    return {
        "extended_due": day_text(request.extended_due_on or extended_deadline(request.received_on)),
        "reasons": request.extension_reason,
    }


def _refusal(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if request is None or not request.refusal_ground:
        return {}
    ground = RefusalGround(request.refusal_ground)
    return {
        "refusal_ground": f"{ground.label} ({article_text(ground.article)})",
        "reasons": request.refusal_reason,
    }


def _not_found(request: DataSubjectRequest | None, contact: Contact | None) -> Facts:
    if request is None:
        return {}
    given = [request.requester_name, *request.requester_address.splitlines()]
    return {"searched": as_list([line for line in given if line.strip()])}


_READERS: dict[str, Callable[[DataSubjectRequest | None, Contact | None], Facts]] = {
    Kind.IDENTITY: _identity,
    Kind.EXTENSION: _extension,
    Kind.REFUSAL: _refusal,
    Kind.NOT_FOUND: _not_found,
    Kind.ACCESS: _access,
    Kind.PORTABILITY: _portable,
    Kind.INDIRECT: _information,
    Kind.RECTIFICATION: _rectification,
    Kind.ERASURE: _erasure,
    Kind.RESTRICTION: _restriction,
    Kind.RESTRICTION_LIFT: _restriction,
}

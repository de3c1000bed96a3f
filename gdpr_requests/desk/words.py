"""The codes of a request's history in words."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gdpr_requests.desk.identity import Doubt
from gdpr_requests.export.values import day_text
from gdpr_requests.models import (
    Channel,
    EventKind,
    IdentityMethod,
    LetterKind,
    RefusalGround,
    RequestEvent,
    Right,
)

DONE: dict[str, str | Promise] = {
    "exported": _("the copy was made"),
    "corrected": _("the data were corrected"),
    "erased": _("the data were erased"),
    "restricted": _("processing was restricted"),
    "done": _("marked as done"),
}


def detail_words(event: RequestEvent) -> str:
    """What more there is to say of a step; "" where its kind says all."""
    detail = event.detail
    match event.kind:
        case EventKind.OPENED:
            return ", ".join(
                [_label(Right, detail.get("right")), _label(Channel, detail.get("channel"))],
            )
        case EventKind.ASKED:
            return _label(Doubt, detail.get("doubt"))
        case EventKind.IDENTIFIED:
            return _label(IdentityMethod, detail.get("method"))
        case EventKind.WORKED:
            return str(DONE.get(detail.get("what", ""), ""))
        case EventKind.LETTER:
            return _label(LetterKind, detail.get("kind"))
        case EventKind.EXTENDED:
            return gettext("until %(day)s") % {"day": day_text(dt.date.fromisoformat(detail["until"]))}
        case EventKind.REFUSED:
            return _label(RefusalGround, detail.get("ground"))
        case EventKind.REMINDED | EventKind.ESCALATED:
            return _step(str(detail.get("step", "")))
        case EventKind.LINKED:
            return "" if detail.get("found") else gettext("nobody found here")
        case _:
            return ""


def _label(choices: type[object], code: object) -> str:
    """The label of a code; one that was taken out of use is shown as it is."""
    labels: dict[object, object] = dict(choices.choices)  # type: ignore[attr-defined]
    return str(labels.get(code, code or ""))


def _step(step: str) -> str:
    if step == "overdue":
        return gettext("after the last day")
    return gettext("%(days)s days before the end") % {"days": step}

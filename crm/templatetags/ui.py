"""`{% load ui %}`: the pieces that pages are built of. docs/interface.md shows each with an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import heroicons
from django import forms, template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from consents.periods import length_text
from crm import formats
from crm.nav import url_or_empty
from crm.timeaxis import Axis, Bar

register = template.Library()

for _filter in (
    formats.day,
    formats.long_day,
    formats.clock,
    formats.daytime,
    formats.moment,
    formats.until,
    formats.phone,
    formats.breakable,
    formats.initials,
    formats.whole,
    length_text,
):
    register.filter(_filter.__name__, _filter)
register.filter("ago", formats.until)

BASES = {
    "consent": ("consent", _("consent")),
    "contract": ("contract", _("contract")),
    "legal_obligation": ("law", _("legal obligation")),
    "vital_interests": ("vital", _("vital interests")),
    "public_interest": ("public", _("public interest")),
    "legitimate_interest": ("interest", _("legitimate interest")),
}
"""Each basis of Art. 6(1): the class of its colour, and its name."""
for _alias, _code in {
    "legal": "legal_obligation",
    "vital": "vital_interests",
    "vital_interest": "vital_interests",
    "public": "public_interest",
    "public_task": "public_interest",
    "legitimate": "legitimate_interest",
    "legitimate_interests": "legitimate_interest",
    **dict(zip("abcdef", list(BASES), strict=True)),
}.items():
    BASES[_alias] = BASES[_code]


@register.simple_tag
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A Heroicon (20: mini, 16: micro, otherwise outline). Decoration unless `label` names it."""
    return _svg(name, size, str(label))


@lru_cache(maxsize=512)
def _svg(name: str, size: int, label: str) -> SafeString:
    # Kept: a page shows some thirty icons, and drawing one takes longer than most of the components around it.
    style = {16: "micro", 20: "mini"}.get(size, "outline")
    said = {"role": "img", "aria_label": label + ""} if label else {"aria_hidden": "true"}
    svg = heroicons._render_icon(style, name, size, {"class": "icon", "focusable": "false", **said})
    return mark_safe(svg)  # noqa: S308 (made from the installed icon set; the label is escaped by ElementTree)


@register.inclusion_tag("ui/avatar.html")
def avatar(name: object, size: str = "", kind: str = "person") -> dict[str, object]:
    """The round badge with initials. `size`: "", "sm" or "lg"; `kind`: "person" or "organisation"."""
    return {"name": name, "letters": formats.initials(str(name or "")), "size": size, "kind": kind}


@register.simple_tag
def pill(basis: str, label: str = "") -> SafeString:
    """A lawful basis in its colour, by its code or by its letter in Art. 6(1)."""
    css, name = BASES.get(str(basis), ("plain", basis))
    return format_html('<span class="pill pill-{}">{}</span>', css, label or name)


@register.filter
def basis_class(basis: str) -> str:
    """The colour class of a basis, for bars: consent, contract, law, vital, public, interest."""
    return BASES.get(str(basis), ("plain", ""))[0]


@register.filter
def tone_of_end(value: formats.Moment, soon: int = 30) -> str:
    """How an end looks today: "bad" when past, "soon" within `soon` days, otherwise ""."""
    if not value:
        return ""
    days = formats.days_left(value)
    return "bad" if days < 0 else "soon" if days <= soon else ""


@register.simple_tag
def expiry(value: formats.Moment, soon: int = 30) -> SafeString:
    """The end of a period: its day, and how far it is, marked when near or past."""
    if not value:
        return SafeString("")
    return format_html(
        '<span class="ends {}">{} <span class="ends-far">{}</span></span>',
        tone_of_end(value, soon),
        when(value),
        formats.until(value),
    )


register.simple_tag(expiry, name="ends")  # the first name; djlint takes it for an end tag


@register.simple_tag
def when(value: dt.date | dt.datetime | None, form: str = "day") -> SafeString:
    """A `<time>`; `form` is "day", "daytime", "moment" (today 9:40) or "until" (in 20 days)."""
    if not value:
        return SafeString("")
    shown = {"day": formats.day, "daytime": formats.daytime, "moment": formats.moment, "until": formats.until}
    exact = formats.daytime(value) if isinstance(value, dt.datetime) else formats.day(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        exact,
        shown[form](value),
    )


@register.simple_tag
def time_axis(items: Iterable[Any], start: str = "valid_from", end: str = "valid_until") -> Axis:
    """The axis over things that have a start and an end; keep it with `as axis`."""
    return Axis.over([(_value(item, start), _value(item, end)) for item in items])


def _value(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


@register.inclusion_tag("ui/axis_scale.html")
def axis_scale(axis: Axis) -> dict[str, Axis]:
    """The years above the bars."""
    return {"axis": axis}


@register.inclusion_tag("ui/axis_bar.html")
def axis_bar(axis: Axis, start: formats.Moment, end: formats.Moment, basis: str = "") -> dict[str, object]:
    """One bar with today on it. `basis` gives the colour."""
    bar: Bar = axis.bar(start, end)
    return {"axis": axis, "bar": bar, "css": BASES.get(str(basis), ("plain", ""))[0]}


@register.inclusion_tag("ui/chart.html")
def bar_chart(points: Sequence[Mapping[str, Any]], label: str, unit: str = "") -> dict[str, object]:
    """Columns over labels. A point: `label`, `value`, and if wanted `short`, `href`, `tone` ("soon", "bad")."""
    top = max((point["value"] for point in points), default=0) or 1
    step = 100 / max(len(points), 1)
    columns = [
        {
            **point,
            "x": f"{index * step + step * 0.18:.3f}%",
            "width": f"{step * 0.64:.3f}%",
            "middle": f"{(index + 0.5) * step:.3f}%",
            "minor": len(points) > 7 and index % 2 == 1,
            "y": f"{100 - point['value'] / top * 100:.3f}%",
            "height": f"{point['value'] / top * 100:.3f}%",
        }
        for index, point in enumerate(points)
    ]
    return {"columns": columns, "label": label, "unit": unit}


@register.simple_tag
def nav_url(name: str, *args: object) -> str:
    """Like `{% url %}`, but empty where the address does not exist."""
    return url_or_empty(name, *args)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The current query string with some parameters changed or (None, "") dropped: `?{% query page=2 %}`."""
    request: HttpRequest | None = context.get("request")
    values: dict[str, list[str]] = {key: list(items) for key, items in request.GET.lists()} if request else {}
    for key, value in changes.items():
        if value in (None, ""):
            values.pop(key, None)
        else:
            values[key] = [str(value)]
    return urlencode(values, doseq=True)


@register.filter
def form_sections(form: forms.BaseForm) -> list[tuple[str, list[forms.BoundField]]]:
    """The visible fields under their headings. A form may say `sections = [(heading, [names]), …]`;
    fields it does not name come last, without a heading."""
    named = [
        (str(heading), [form[name] for name in names if name in form.fields])
        for heading, names in getattr(form, "sections", [])
    ]
    taken = {field.name for _heading, fields in named for field in fields}
    rest = [field for field in form.visible_fields() if field.name not in taken]
    return [*[(heading, fields) for heading, fields in named if fields], *([("", rest)] if rest else [])]


@register.filter
def fields_in_error(form: forms.BaseForm) -> list[forms.BoundField]:
    """The visible fields that have errors, for the summary above a form."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def entry(mapping: Mapping[str, Any], key: str) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)


@register.filter
def undo_url(message: Any) -> str:
    """The address that takes an action back: `messages.success(request, text, extra_tags=f"undo:{url}")`."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:/") and not tag.startswith("undo://"):
            return str(tag.removeprefix("undo:"))
    return ""


@register.filter
def tone(message: Any) -> str:
    """The tone of a message of Django: info, ok, soon or bad."""
    return {"success": "ok", "warning": "soon", "error": "bad"}.get(message.level_tag, "info")

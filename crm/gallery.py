"""The gallery: every component of the interface in every state, for people who build pages, and for the tests."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Jméno a příjmení", max_length=80)
    email = forms.EmailField(label="E-mail", help_text="Na tuto adresu pošleme potvrzení.")
    kind = forms.ChoiceField(label="Druh", choices=[("person", "osoba"), ("organisation", "firma")])
    until = forms.DateField(label="Platí do", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Poznámka", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    method = forms.ChoiceField(
        label="Jak byl souhlas získán",
        choices=[("web", "webový formulář"), ("paper", "na papíře")],
        widget=forms.RadioSelect,
    )
    evidence = forms.FileField(label="Doklad", required=False)
    agreed = forms.BooleanField(label="Text souhlasu jsem ověřil(a)")
    sections = [("Kdo", ["name", "email", "kind"]), ("Souhlas", ["method", "until", "evidence", "agreed"])]


def gallery(request: HttpRequest) -> HttpResponse:
    """`/ui/`: for developers (DEBUG) and superusers; nobody else learns that it exists."""
    if not (settings.DEBUG or getattr(request.user, "is_superuser", False)):
        raise Http404
    if "toasts" in request.GET:
        messages.success(request, _("Saved."))
        messages.success(request, _("The task is done."), extra_tags="undo:/ui/")
        messages.error(request, _("That did not work. Please try again."))
    return render(request, "crm/gallery.html", _samples())


def _samples() -> dict[str, Any]:
    today = timezone.localdate()
    periods = [
        ("consent", "Newsletter", today - dt.timedelta(days=710), today + dt.timedelta(days=20)),
        ("contract", "Dodávka nábytku", dt.date(today.year - 2, 4, 3), dt.date(today.year + 1, 9, 2)),
        ("legal_obligation", "Faktury", dt.date(today.year - 2, 5, 1), dt.date(today.year + 8, 12, 31)),
        ("vital_interests", "Pacient v bezvědomí", today - dt.timedelta(days=90), today + dt.timedelta(days=90)),
        ("public_interest", "Kárné řízení komory", dt.date(today.year - 1, 1, 1), dt.date(today.year, 12, 31)),
        ("legitimate_interest", "Poptávka z webu", dt.date(today.year - 2, 3, 2), dt.date(today.year - 1, 3, 2)),
    ]
    grounds = [SimpleNamespace(basis=b, purpose=p, valid_from=f, valid_until=u) for b, p, f, u in periods]
    weeks = [today + dt.timedelta(days=7 * n) for n in range(12)]
    values = [2, 0, 5, 8, 3, 1, 0, 4, 12, 6, 2, 1]
    chart = [
        {
            "label": _("week from %(day)s") % {"day": f"{week.day}. {week.month}."},
            "short": f"{week.day}. {week.month}.",
            "value": value,
            "href": "/ui/",
            "tone": "bad" if n == 0 else "soon" if n < 4 else "",
        }
        for n, (week, value) in enumerate(zip(weeks, values, strict=True))
    ]
    return {
        "form": SampleForm(),
        "wrong": SampleForm({"name": "", "email": "jana@", "kind": "person", "method": ""}, auto_id="wrong_%s"),
        "grounds": grounds,
        "chart": chart,
        "page": Paginator(range(120), 20).page(3),
        "now": timezone.now(),
        "soon": today + dt.timedelta(days=20),
        "past": today - dt.timedelta(days=3),
        "far": today + dt.timedelta(days=900),
        "long_email": "prilis.zlutoucky.kun.upel.dabelske.ody@velmi-dlouha-domena-drevovyroba-sazava.example",
        "steps": ["Soubor", "Sloupce", "Důvod", "Kontrola", "Hotovo"],
    }

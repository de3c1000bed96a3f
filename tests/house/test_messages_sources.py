"""The extractor finds in templates and in Python exactly what Django will ask gettext for."""

import pytest
from django.template import Context, Engine
from django.utils import translation

from tools.messages.sources import UnfinishedBlock, python_texts, template_texts

TEMPLATES = {
    '{% translate "Save" %}': [(None, "Save")],
    "{% trans 'Save' as label %}{{ label }}": [(None, "Save")],
    '{% translate "May" context "month" %}': [("month", "May")],
    '{% translate "Name"|upper %}': [(None, "Name")],
    '{% translate "100 % sure" %}': [(None, "100 %% sure")],
    '{% translate "Say \\"yes\\"" %}': [(None, 'Say "yes"')],
    "{% translate variable %}": [],
    '{{ value|default:_("none") }}': [(None, "none")],
    '{% include "x.html" with title=_("Title") hint=_(\'Hint\') %}': [(None, "Title"), (None, "Hint")],
    "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}": [(None, "Hello %(name)s")],
    "{% blocktrans with n=x|upper trimmed %}\n  Two\n  lines {{ n }}\n{% endblocktrans %}": [(None, "Two lines %(n)s")],
    '{% blocktranslate context "menu" %}File{% endblocktranslate %}': [("menu", "File")],
    "{% blocktranslate count n=total trimmed %}\n one\n{% plural %}\n {{ n }} many\n{% endblocktranslate %}": [
        (None, ("one", "%(n)s many"))
    ],
    '{% blocktranslate with a=_("inner") %}50 % of {{ a }}{% endblocktranslate %}': [
        (None, "inner"),
        (None, "50 %% of %(a)s"),
    ],
    '{% comment "why" %}{% translate "Not this" %}{% endcomment %}{# _("nor this") #}': [],
    '{% verbatim %}{% translate "Not this" %}{% endverbatim %}': [],
}


@pytest.mark.parametrize("source", TEMPLATES)
def test_every_way_to_mark_a_text_in_a_template_is_found(source: str) -> None:
    assert list(template_texts(source)) == TEMPLATES[source]


@pytest.mark.parametrize("source", [source for source, texts in TEMPLATES.items() if texts and "include" not in source])
def test_django_looks_up_the_very_texts_that_were_extracted(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[str | None, str | tuple[str, str]]] = set()

    class Catalogue:
        """Answers every question with itself and writes it down."""

        def gettext(self, text: str) -> str:
            context, _separator, msgid = text.rpartition("\x04")
            asked.add((context or None, msgid))
            return text if not context else msgid

        def ngettext(self, singular: str, plural: str, number: int) -> str:
            asked.add((None, (singular, plural)))
            return plural

    engine = Engine(libraries={"i18n": "django.templatetags.i18n"})
    template = engine.from_string("{% load i18n %}" + source)
    monkeypatch.setattr("django.utils.translation.trans_real.catalog", Catalogue)
    monkeypatch.setattr("django.utils.translation.trans_real._default", Catalogue())
    with translation.override("en"):
        monkeypatch.setattr("django.utils.translation.trans_real._active", type("Active", (), {"value": Catalogue()}))
        template.render(Context({"name": "Eva", "total": 5, "x": "y", "value": ""}))
    assert set(TEMPLATES[source]) <= asked


@pytest.mark.parametrize(
    "source", ["{% blocktranslate %}never closed", "{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}"]
)
def test_a_block_that_django_refuses_is_refused_too(source: str) -> None:
    with pytest.raises(UnfinishedBlock, match=r"page\.html"):
        list(template_texts(source, name="page.html"))


def test_python_calls_with_plural_and_context_are_found(tmp_path) -> None:
    file = tmp_path / "views.py"
    file.write_text(
        'a = gettext("One")\n'
        'b = _("Two")\n'
        'c = ngettext("%(n)d day", "%(n)d days", n)\n'
        'd = pgettext_lazy("month", "May")\n'
        'e = npgettext("tasks", "one", "many", n)\n'
        'f = gettext_lazy(\n    "long "\n    "text"\n)\n'
        "g = gettext(variable)\n"
    )
    assert list(python_texts(file)) == [
        (None, "One"),
        (None, "Two"),
        (None, ("%(n)d day", "%(n)d days")),
        ("month", "May"),
        ("tasks", ("one", "many")),
        (None, "long text"),
    ]

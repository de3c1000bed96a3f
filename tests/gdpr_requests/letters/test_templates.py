"""The wordings: shipped, edited by the data protection officer, brought back; a slip of the pen is refused in words."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from gdpr_requests.letters.kinds import OWN, names_of, placeholders_of, subject_placeholders
from gdpr_requests.letters.services import draft_letter
from gdpr_requests.letters.templates import (
    FOLDER,
    change_template,
    check_wording,
    default_wording,
    ensure_templates,
    restore_template,
)
from gdpr_requests.letters.text import blocks, fill, in_print, placeholders_in
from gdpr_requests.models import LetterKind, LetterLanguage, LetterTemplate

pytestmark = pytest.mark.django_db
BOTH = [(kind, language) for kind in LetterKind.values for language in LetterLanguage.values]


def test_every_kind_is_shipped_in_both_languages_and_made_once():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(f"{kind}.{code}.txt" for kind, code in BOTH)
    assert LetterTemplate.objects.count() == len(BOTH)
    LetterTemplate.objects.filter(kind="access", language="cs").delete()
    LetterTemplate.objects.filter(kind="erasure", language="cs").update(body="Moje znění")
    assert [ensure_templates(), ensure_templates()] == [1, 0]
    assert LetterTemplate.objects.get(kind="erasure", language="cs").body == "Moje znění"


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_a_shipped_wording_uses_what_its_letter_has_and_all_that_is_its_own(kind, language):
    wording = default_wording(kind, language)
    assert check_wording(kind=kind, language=language, subject=wording.subject, body=wording.body) == {}
    own = [item.called(language) for item in OWN[kind] if item.asked]
    given = {"recipient", "prijemce"}
    assert [name for name in own if name not in placeholders_in(wording.body) and name not in given] == []


@pytest.mark.parametrize("kind", LetterKind.values)
def test_the_two_languages_say_the_same(kind):
    """The same paragraphs and headings, with the same placeholders in each."""
    names = dict(zip(names_of(placeholders_of(kind), "cs"), names_of(placeholders_of(kind), "en"), strict=True))
    czech = [[names[name] for name in placeholders_in(part)] for part in default_wording(kind, "cs").body.split("\n\n")]
    english = [placeholders_in(part) for part in default_wording(kind, "en").body.split("\n\n")]
    assert [sorted(part) for part in czech] == [sorted(part) for part in english]


@pytest.mark.parametrize("language", LetterLanguage.values)
def test_no_placeholder_of_a_subject_is_a_personal_value(language):
    assert [item.name for item in subject_placeholders()] == ["company", "today", "number", "received"]
    name = names_of(placeholders_of("access"), language)[-13]
    found = check_wording(kind="access", language=language, subject="{" + name + "}", body="Text")
    assert list(found) == ["subject"]


def test_an_unknown_placeholder_is_refused_in_words():
    found = check_wording(kind="access", language="cs", subject="Věc", body="{oslovenni}, {nesmysl} a { sama")
    assert [error.code for error in found["body"]] == ["unknown", "unknown", "brace"]
    assert "{osloveni}" in found["body"][0].message
    with pytest.raises(ValidationError):
        change_template(kind="access", language="cs", subject="Věc", body="{nesmysl}", actor=None)
    assert not LetterTemplate.objects.get(kind="access", language="cs").is_edited


def test_an_edited_wording_is_used_and_the_shipped_one_comes_back(asked, dpo):
    change_template(kind="acknowledgement", language="cs", subject="Máme to", body="{osloveni}, {pravo}", actor=dpo)
    letter = draft_letter(kind="acknowledgement", request=asked)
    expected = "Vážená paní Nováková, žádost o přístup k osobním údajům podle čl. 15 GDPR"
    assert (letter.subject, letter.body) == ("Máme to", expected)
    assert LetterTemplate.objects.get(kind="acknowledgement", language="cs").is_edited
    restore_template(kind="acknowledgement", language="cs", actor=dpo)
    assert draft_letter(kind="acknowledgement", request=asked).subject == "Přijali jsme Vaše podání Z-2026-000001"
    actions = AuditEvent.objects.filter(action__startswith="letter_template").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["letter_template.changed", "letter_template.restored"]


def test_the_dpo_edits_previews_and_restores_on_the_page(dpo, client_of):
    client, url = client_of(dpo), "/requests/templates/refusal/cs/"
    page = client.get(url).content.decode()
    assert ("{duvod_odmitnuti}" in page, "Údaje dohledáváme" in page) == (True, True)
    shown = client.post(url, {"subject": "Nejde to", "body": "Pozdrav {osloveni}", "preview": "1"}).content.decode()
    assert ("Pozdrav Vážená paní Vzorová" in shown, "Nejde to" in shown) == (True, True)
    assert not LetterTemplate.objects.filter(is_edited=True).exists()
    wrong = client.post(url, {"subject": "Nejde to", "body": "{osloveny}"})
    assert (wrong.status_code, "Did you mean {osloveni}?" in wrong.content.decode()) == (422, True)
    assert client.post(url, {"subject": "Nejde to", "body": "Text"}).status_code == 302
    assert "edited" in client.get("/requests/templates/").content.decode()
    assert client.post(f"{url}restore/").status_code == 302
    assert not LetterTemplate.objects.filter(is_edited=True).exists()


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_every_wording_can_be_previewed_with_nothing_left_to_fill_in(kind, language, dpo, client_of):
    page = client_of(dpo).get(f"/requests/templates/{kind}/{language}/").content.decode()
    article = re.search(r'<article.*?id="preview".*?</article>', page, re.DOTALL)
    text = article[0] if article else ""
    left = re.findall(r"\[\[.*?\]\]|\{.*?\}", text)
    assert left == []
    assert "Vzorov" in text or "Example" in text


def test_what_has_nothing_to_say_is_left_out():
    text = "# Nadpis\n\n{a}\n\n# Další\n\nPevné {b}\nJen {a}\n\nKomu:\n{a}\n\nKonec"
    assert fill(text, {"a": "", "b": "x"}) == "# Další\n\nPevné x\n\nKonec"


def test_a_text_has_headings_lists_and_paragraphs():
    shapes = [(block.kind, block.lines) for block in blocks("# A\nb\nc\n- d\n- e\n\nf")]
    assert shapes == [("heading", ["A"]), ("text", ["b", "c"]), ("list", ["d", "e"]), ("text", ["f"])]


def test_czech_keeps_short_words_and_days_on_the_line_of_what_follows():
    text = "přišla k nám a v úterý 3. 11. 2026 podle čl. 15 odst. 1 písm. b) zákona č. 110/2019 (o GDPR)"
    expected = "přišla k~nám a~v~úterý 3.~11.~2026 podle čl.~15 odst.~1 písm.~b) zákona č.~110/2019 (o~GDPR)"
    assert in_print(text) == expected.replace("~", "\xa0")

"""Catalogues follow the source, keep what people translated, and tell what is wrong with a translation."""

import gettext as gnu
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools.messages.catalogues import compile_stale, po_path, update
from tools.messages.problems import LOOSE, message_problems, problems


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two rooms: crm on top owns the shared templates, contacts its own."""
    (tmp_path / "pyproject.toml").write_text('[tool.importlinter]\nroot_packages = ["crm", "contacts"]\n')
    for room in ("crm", "contacts", "templates/contacts", "templates/ui"):
        (tmp_path / room).mkdir(parents=True)
    (tmp_path / "contacts" / "forms.py").write_text(
        'label = _("Owner")\ncount = ngettext("%(n)d tag", "%(n)d tags", n)\n'
    )
    (tmp_path / "templates" / "contacts" / "list.html").write_text('{% translate "Contacts" %}')
    (tmp_path / "templates" / "base.html").write_text('{% translate "Skip to content" %}')
    (tmp_path / "templates" / "ui" / "card.html").write_text('{% translate "Card" %}')
    return tmp_path


def entry(msgid: str, msgstr: str) -> str:
    return f'msgid "{msgid}"\nmsgstr "{msgstr}"\n'


def translate(root: Path, room: str, msgid: str, msgstr: str) -> None:
    path = po_path(room, root)
    path.write_text(path.read_text().replace(entry(msgid, ""), entry(msgid, msgstr)))


def translate_everything(root: Path) -> None:
    for room, texts in {
        "crm": {"Card": "Karta", "Skip to content": "Přejít na obsah"},
        "contacts": {"Contacts": "Kontakty", "Owner": "Správce"},
    }.items():
        update(room, root)
        for msgid, msgstr in texts.items():
            translate(root, room, msgid, msgstr)
    path = po_path("contacts", root)
    path.write_text(
        path.read_text()
        .replace('msgstr[0] ""', 'msgstr[0] "%(n)d štítek"')
        .replace('msgstr[1] ""', 'msgstr[1] "%(n)d štítky"')
        .replace('msgstr[2] ""', 'msgstr[2] "%(n)d štítků"')
    )


def test_each_room_gets_its_texts_sorted_and_without_dates(project):
    assert [update(room, project) for room in ("crm", "contacts")] == [True, True]
    text = po_path("crm", project).read_text()
    assert text.index('"Card"') < text.index('"Skip to content"')
    assert "Date" not in text
    assert '"Owner"' in po_path("contacts", project).read_text()
    assert [update(room, project) for room in ("crm", "contacts")] == [False, False]


def test_a_translation_outlives_an_update_and_goes_with_its_text(project):
    translate_everything(project)
    (project / "contacts" / "forms.py").write_text('label = _("Owner")\nnew = _("Position")\n')
    update("contacts", project)
    text = po_path("contacts", project).read_text()
    assert entry("Owner", "Správce") in text
    assert entry("Position", "") in text
    assert "štít" not in text


def test_complete_catalogues_have_no_problems_and_speak_czech(project):
    translate_everything(project)
    assert problems(project) == []
    assert compile_stale(project) == ["crm", "contacts"]
    assert compile_stale(project) == []
    with po_path("contacts", project).with_suffix(".mo").open("rb") as file:
        catalogue = gnu.GNUTranslations(file)
    assert catalogue.gettext("Owner") == "Správce"
    forms = [catalogue.ngettext("%(n)d tag", "%(n)d tags", n) % {"n": n} for n in (1, 2, 4, 5, 0)]
    assert forms == ["1 štítek", "2 štítky", "4 štítky", "5 štítků", "0 štítků"]


def test_a_new_text_and_an_empty_translation_are_both_reported(project):
    translate_everything(project)
    (project / "crm" / "views.py").write_text('title = _("Overview")\n')
    assert problems(project) == ["crm: the catalogue and the source differ: run `make messages`"]
    update("crm", project)
    assert problems(project) == ["crm: 'Overview': not translated"]


def test_one_text_with_two_translations_needs_a_context(project):
    translate_everything(project)
    (project / "crm" / "views.py").write_text('title = _("Owner")\n')
    update("crm", project)
    translate(project, "crm", "Owner", "Majitel")
    assert problems(project) == ["contacts: 'Owner' is translated otherwise in crm; give one of them a context"]


def test_a_room_without_texts_has_no_catalogue(project):
    translate_everything(project)
    (project / "contacts" / "forms.py").unlink()
    (project / "templates" / "contacts" / "list.html").unlink()
    assert problems(project) == ["contacts: the catalogue has no texts any more: run `make messages`"]
    update("contacts", project)
    assert not po_path("contacts", project).exists()


MISFITS = {
    "a placeholder is lost": ("Hello %(name)s", "Dobrý den"),
    "a placeholder is misspelt": ("Hello %(name)s", "Dobrý den %(jmeno)s"),
    "a brace is lost": ("Hello {name}", "Dobrý den"),
    "a position is lost": ("%s of %s", "%s z"),
    "a tag is lost": ("<strong>Now</strong>", "Teď"),
    "a space is added": ("Now", "Teď "),
}


@pytest.mark.parametrize("what", MISFITS)
def test_a_translation_that_does_not_fit_its_text_is_reported(what):
    msgid, msgstr = MISFITS[what]
    assert len(list(message_problems(Message(msgid, msgstr)))) == 1


FITS = {
    "escaped percent": ("50 %% of %(name)s", "50 %% z\u00a0%(name)s"),
    "formatted brace": ("{count:d} days", "{count:d} dní"),
    "no number in the singular": (("One day", "%(n)s days"), ("Jeden den", "%(n)s dny", "%(n)s dní")),
    "other words": ("Ready? 100 % sure!", "Připraveno? Na 100 %!"),
}


@pytest.mark.parametrize("what", FITS)
def test_a_translation_that_fits_is_left_alone(what):
    msgid, msgstr = FITS[what]
    assert list(message_problems(Message(msgid, msgstr))) == []


def test_a_guess_and_a_missing_plural_form_are_reported():
    assert list(message_problems(Message("Now", "Teď", flags=["fuzzy"]))) == ["fuzzy"]
    two_forms = Message(("%(n)s day", "%(n)s days"), ("%(n)s den", "%(n)s dny"))
    assert list(message_problems(two_forms)) == ["has 2 plural forms, Czech needs 3"]


def test_a_line_may_not_end_with_a_czech_preposition_of_one_letter():
    loose = ["jen k věci", "podle čl. 15", "zákon č. 89", "Pila s. r. o."]
    assert [len(list(message_problems(Message("x", text)))) for text in loose] == [1, 1, 1, 1]
    firm = ["jen k\u00a0věci", "podle čl.\u00a015", "%(count)s dní", "Schůzka ve výrobě"]
    assert [LOOSE.search(text) for text in firm] == [None] * 4

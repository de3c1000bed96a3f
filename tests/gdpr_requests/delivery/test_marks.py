"""A text that speaks of somebody else is marked before it leaves the house; what is the person's own is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr_requests.export.marks import MarkKind, Own, marks_in, without

OWN = Own.of(
    emails=["Eva.Mala@firma.example"],
    phones=["+420777000321"],
    names=["Eva", "Malá", "Papírna Malá s. r. o."],
)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Volala Jana Nováková z účtárny.", ["Jana Nováková"]),
        ("Domluveno s Petrem Dvořákem a Karlem.", ["Petrem Dvořákem", "Karlem"]),
        ("Předáno Zdeňkovi Králi.", ["Zdeňkovi Králi"]),
        ("Napsat na petr.dvorak@jinde.example!", ["petr.dvorak@jinde.example"]),
        ("Manžel: 603 123 456, volat večer", ["603 123 456"]),
        ("Rodné číslo 855102/1234.", ["855102/1234"]),
        ("Platit na 19-2000145399/0800.", ["19-2000145399/0800"]),
        ("IBAN CZ65 0800 0000 1920 0014 5399", ["CZ65 0800 0000 1920 0014 5399"]),
    ],
)
def test_what_looks_like_somebody_else_is_marked(text, marked):
    assert [text[mark.start : mark.end] for mark in marks_in(text, OWN)] == marked


@pytest.mark.parametrize(
    "text",
    [
        "Eva Malá chce nabídku, paní Malé volat ráno.",
        "Píše z eva.mala@firma.example, telefon 777 000 321 nebo +420 777 000 321.",
        "Objednávka 2026-11-24, faktura 20260145, 1 500 Kč",
        "Sud číslo 4417 teče.",
        "",
    ],
)
def test_what_is_the_persons_own_or_nobodys_is_not_marked(text):
    assert marks_in(text, OWN) == []


def test_a_marked_place_is_replaced_and_the_rest_stays():
    text = "Jana Nováková (jana@jinde.example) souhlasí."
    assert without(text, marks_in(text, OWN), "[…]") == "[…] ([…]) souhlasí."


@given(st.text(max_size=300))
def test_marks_lie_inside_the_text_and_never_overlap(text):
    marks = marks_in(text, OWN)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(first.end <= second.start for first, second in pairwise(marks))


@given(st.text(alphabet="abc @.-", max_size=40), st.text(alphabet="xyz .,", max_size=40))
def test_an_address_is_found_wherever_it_stands(before, after):
    text = f"{before} jiny@nekde.example {after}"
    found = [mark for mark in marks_in(text, OWN) if mark.kind is MarkKind.EMAIL]
    assert any("jiny@nekde.example" in text[mark.start : mark.end] for mark in found)

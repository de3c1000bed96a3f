"""Whole names into their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.parsing.names import is_organisation, split_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Jan Novák", ("", "Jan", "Novák", "")),
        ("Ing. Jan Novák, Ph.D.", ("Ing.", "Jan", "Novák", "Ph.D.")),
        ("prof. MUDr. Jana Nováková, CSc., MBA", ("prof. MUDr.", "Jana", "Nováková", "CSc., MBA")),
        ("Mgr. et Mgr. Petr Svoboda", ("Mgr. et Mgr.", "Petr", "Svoboda", "")),
        ("Ing. arch. Eva Malá DiS.", ("Ing. arch.", "Eva", "Malá", "DiS.")),
        ("Ing.Jan Novák", ("Ing.", "Jan", "Novák", "")),
        ("Novák Jan, Ing.", ("Ing.", "Jan", "Novák", "")),
        ("Novák, Jan", ("", "Jan", "Novák", "")),
        ("Novák Jan", ("", "Jan", "Novák", "")),
        ("NOVÁK Jan", ("", "Jan", "NOVÁK", "")),
        ("Nováková Jana", ("", "Jana", "Nováková", "")),
        ("Jana Nováková Svobodová", ("", "Jana", "Nováková Svobodová", "")),
        ("Martin Petr", ("", "Martin", "Petr", "")),
        ("pan Novák", ("pan", "", "Novák", "")),
        ("Pan Tau", ("", "Pan", "Tau", "")),
        ("Ludwig van Beethoven", ("", "Ludwig", "van Beethoven", "")),
        ("Yo-Yo Ma", ("", "Yo-Yo", "Ma", "")),
        ("John Smith Jr., MD", ("", "John", "Smith", "Jr., MD")),
        ("Novák", ("", "", "Novák", "")),
        ("Ing. Novák", ("Ing.", "", "Novák", "")),
        ("MUDr.", ("", "", "MUDr.", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_whole_name_is_taken_apart(name, parts):
    assert split_name(name) == parts


@pytest.mark.parametrize("name", ["Alza.cz a.s.", "Dřevo s. r. o.", "Novák spol. s r.o.", "Green Inc.", "SVJ Dlouhá 5"])
def test_a_legal_form_makes_it_a_company(name):
    assert is_organisation(name)


@pytest.mark.parametrize("name", ["Jan Novák", "Archer, Bell & Co", "Asus"])
def test_other_names_are_not_taken_for_companies(name):
    assert not is_organisation(name)


WORDS = st.sampled_from(
    [
        "Jan",
        "Novák",
        "Nováková",
        "Ing.",
        "Ph.D.",
        ",",
        "et",
        "pan",
        "von",
        "Mgr.",
        "MA",
        "ml.",
        "X.Y",
        "Ing.Eva",
        "CSc.,",
    ]
)


@given(st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=40))
def test_no_letter_of_a_name_is_lost(name):
    split = "".join(split_name(name))
    assert sorted(char for char in split if char.isalnum()) == sorted(char for char in name if char.isalnum())

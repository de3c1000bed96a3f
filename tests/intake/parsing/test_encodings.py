"""The encoding of a text is found from the text itself."""

import pytest

from intake.parsing.encodings import Decoded, decode
from intake.parsing.problems import ImportProblem

CZECH = "ěščřžýáíéůúďťňó ĚŠČŘŽÝÁÍÉŮÚĎŤŇÓ"
TEXTS = [
    f"{CZECH} „Ahoj“",
    "jméno;příjmení\r\nJiří;Žluťoučký\r\n",
    "Jméno;Město\nBožena;Plzeň\n",
    "Žaneta Šťastná",
    "meno;mesto\nĽuboš;Žilina\nPeter;Košice\n",
    "»Firma« ®",
    "Müller;Straße",
    "ŽIŽKA;ŠŤASTNÝ",
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "iso8859-2"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_czech_text_survives_every_encoding(text, encoding):
    if encoding == "iso8859-2" and set(text) & set("„“»«®"):
        pytest.skip("this page has no such signs")
    assert decode(text.encode(encoding)).text == text


def test_a_big_endian_mark_is_honoured():
    assert decode(b"\xfe\xff" + "Jiří".encode("utf-16-be")) == Decoded("Jiří", "utf-16")


def test_windows_1250_and_iso_8859_2_are_told_apart():
    assert decode("Šťastný Žižka".encode("cp1250")).encoding == "cp1250"
    assert decode("Šťastný Žižka".encode("iso8859-2")).encoding == "iso8859-2"


def test_an_old_dos_page_is_recognised_when_nothing_else_makes_sense():
    assert decode("Příliš žluťoučký kůň úpěl ďábelské ódy".encode("cp852")).encoding == "cp852"


def test_the_encoding_chosen_by_a_person_is_believed():
    assert decode("Peña".encode("cp1252"), "cp1252").text == "Peña"


@pytest.mark.parametrize(
    ("data", "encoding", "problem"),
    [
        (("Jiří\n" * 20).encode() + b"\xf8\n", "", ImportProblem("encoding_mixed", row=21)),
        (b"a\nb\0c", "", ImportProblem("null_bytes", row=2)),
        (b"\xf8", "utf-8", ImportProblem("encoding_mismatch", encoding="utf-8")),
        (b"x", "klingon", ImportProblem("encoding_mismatch", encoding="klingon")),
    ],
)
def test_a_text_that_cannot_be_read_says_where_and_why(data, encoding, problem):
    with pytest.raises(ImportProblem) as caught:
        decode(data, encoding)
    assert caught.value == problem

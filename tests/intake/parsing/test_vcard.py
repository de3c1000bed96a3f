"""vCards of three versions and many programs: every value is kept, pictures become files."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.parsing.problems import ImportProblem
from intake.parsing.record import cells
from intake.parsing.vcard import read_vcards

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(60))


def one(*lines: str, version: str = "3.0", encoding: str = "utf-8"):
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    (card,) = read_vcards(text.encode(encoding))
    return card


def test_a_card_of_version_three_is_read() -> None:
    card = one(
        "N:Nováková;Jana;Marie;Ing.;Ph.D.",
        "FN:Ing. Jana Nováková\\, Ph.D.",
        "ORG:Dřevo s. r. o.;Obchod",
        "TITLE:ředitelka",
        "EMAIL;TYPE=INTERNET,WORK,PREF:jana@drevo.example",
        "TEL;TYPE=CELL:603 111 222",
        "ADR;TYPE=WORK:;;Nádražní 12;Sázava;;285 06;Česko",
        "BDAY:1980-03-22",
        "NOTE:první řádek\\ndruhý řádek",
    )
    assert (card.title_before, card.last_name, card.title_after) == ("Ing.", "Nováková", "Ph.D.")
    assert (card.organisation, card.position, str(card.birth_date)) == ("Dřevo s. r. o.", "ředitelka", "1980-03-22")
    assert [(e.value, e.kind) for e in card.emails] == [("jana@drevo.example", "work")]
    assert [(p.value, p.kind) for p in card.phones] == [("+420603111222", "mobile")]
    assert (card.addresses[0].street, card.addresses[0].city) == ("Nádražní 12", "Sázava")
    held = "\n".join(cells(card))
    assert "Marie" in held
    assert "Obchod" in held
    assert "první řádek\ndruhý řádek" in held


def test_version_two_one_with_quoted_printable_and_bare_types_is_read() -> None:
    card = one(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=98eho=C5=99;Jan",
        "TEL;WORK;VOICE:(905) 555-1234",
        "LABEL;HOME;ENCODING=QUOTED-PRINTABLE:Silicon Alley 5,=0D=0A=",
        "New York",
        version="2.1",
    )
    assert (card.last_name, card.first_name) == ("Řehoř", "Jan")
    assert [p.kind for p in card.phones] == ["work"]
    assert "New York" in "\n".join(cells(card))


def test_version_four_with_uris_groups_and_a_birthday_without_a_year_is_read() -> None:
    card = one(
        "N:Perreault;Simon;;;ing. jr,M.Sc.",
        "FN:Simon Perreault",
        "BDAY:--0203",
        'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102',
        "item1.URL:http://nomis80.example",
        "item1.X-ABLabel:_$!<HomePage>!$_",
        "GEO;TYPE=work:geo:46.772673,-71.282945",
        version="4.0",
    )
    held = "\n".join(cells(card))
    assert card.birth_date is None
    for value in ("--0203", "http://nomis80.example", "46.772673", "102"):
        assert value in held


@pytest.mark.parametrize("label", ["PHOTO;ENCODING=b;TYPE=PNG", "PHOTO;TYPE=PNG;ENCODING=BASE64", "LOGO;ENCODING=b"])
def test_a_picture_becomes_a_file(label: str) -> None:
    encoded = base64.b64encode(PICTURE).decode()
    folded = "\r\n ".join(encoded[i : i + 40] for i in range(0, len(encoded), 40))
    card = one("N:Nováková;Jana;;;", f"{label}:{folded}")
    assert [file.content for file in card.files] == [PICTURE]


def test_an_unknown_property_is_kept_with_its_name() -> None:
    held = "\n".join(cells(one("N:Nováková;Jana;;;", "X-OBLIBENA-BARVA:modrá", "X-PODIVNE;P=q:hodnota")))
    assert "modrá" in held
    assert "hodnota" in held


def test_several_cards_in_a_file_are_several_contacts() -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nN:{0};;;;\nFN:{0}\nEND:VCARD\n"
    found = list(read_vcards("".join(card.format(name) for name in ("Adam", "Eva")).encode()))
    assert [(one.row, one.last_name) for one in found] == [(1, "Adam"), (2, "Eva")]


def test_a_file_without_a_card_is_refused() -> None:
    with pytest.raises(ImportProblem) as problem:
        list(read_vcards(b"FN:nobody"))
    assert problem.value.code == "not_vcard"


VALUE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)


@given(nickname=VALUE, unknown=VALUE, note=VALUE)
def test_every_value_is_kept_whatever_it_is(nickname: str, unknown: str, note: str) -> None:
    def escaped(text: str) -> str:
        return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")

    card = one(
        "N:Nováková;Jana;;;", f"NICKNAME:{escaped(nickname)}", f"X-A:{escaped(unknown)}", f"NOTE:{escaped(note)}"
    )
    held = "\n".join(cells(card))
    for value in (nickname, note):
        assert value in held


@given(st.binary(max_size=3000))
def test_whatever_bytes_come_they_are_cards_or_refused(data: bytes) -> None:
    for raw in (data, b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + data + b"\r\nEND:VCARD\r\n"):
        try:
            words = f"{len(list(read_vcards(raw)))} read"
        except ImportProblem as refused:
            words = refused.message
        assert words

"""Sample vCards of every version, as programs really write them, without losing a value."""

import base64

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem
from intake.parsing.record import AddressValue, EmailValue, ParsedContact, PhoneValue, cells
from intake.parsing.vcard import guess_vcard_region, read_vcards
from intake.parsing.vcard_lines import read_cards
from intake.parsing.vcard_values import split_list, split_value, unescape
from tests.intake.parsing.files import CARDS, sample


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def card(*lines: str, version: str = "3.0") -> ParsedContact:
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    return one(text.encode())


def one(data: bytes) -> ParsedContact:
    (contact,) = read_vcards(data)
    return contact


def notes(contact: ParsedContact) -> list[str]:
    return [str(note) for note in contact.notes if not str(note).startswith("vCard version")]


def squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@pytest.mark.parametrize("name", CARDS)
def test_every_value_of_a_card_reappears(name):
    for written, contact in zip(read_cards(sample(name)), read_vcards(sample(name)), strict=True):
        everything = squeezed(" ".join([*cells(contact), contact.note]))
        for prop in written.properties:
            if prop.name in {"KIND", "PHOTO", "AGENT"} or (prop.name == "BDAY" and contact.birth_date):
                continue
            value = unescape(prop.value, written.version).replace("_$!<", "").removeprefix("tel:")
            assert all(squeezed(word) in everything for word in value.replace(";", " ").replace(",", " ").split()), prop
        assert written.unread == []


def test_a_21_card_with_its_own_charsets_and_soft_line_breaks():
    contact = one(sample("stary-telefon.vcf"))
    assert (contact.title_before, contact.first_name, contact.last_name, contact.title_after) == (
        "Ing.", "Jiří", "Žluťoučký", "CSc.",
    )  # fmt: skip
    assert contact.phones == [
        PhoneValue("+420383422511", "+420 383 422 511", "work"),
        PhoneValue("+420777123456", "777 123 456", "mobile", primary=True),
        PhoneValue("+420383422512", "383 422 512", "fax"),
    ]
    assert contact.addresses == [AddressValue("Nádražní 12", "Vimperk", "385 01", "", "Česko", "work", primary=True)]
    assert notes(contact) == [
        "Department: Výroba",
        "Phone 383 422 512: home",
        "Address label (WORK): Vimperk\n385 01",
        "Superior: Big Boss",
        "cesta C:\\novy\\soubor",
        "Assistant’s card: VERSION: 2.1\nN: Tajemna;Eva\nTEL: 383 422 513",
    ]
    assert [(file.name, file.content_type, file.content[:4]) for file in contact.files] == [
        ("photo.png", "image/png", b"\x89PNG")
    ]


def test_a_30_card_with_groups_labels_and_a_letter_cut_by_a_fold():
    contact = one(sample("ovoce.vcf"))
    assert (contact.first_name, contact.organisation, contact.tags) == (
        "Božena Marie Anna", "Ordinace, s.r.o.", ["VIP", "lékař"],
    )  # fmt: skip
    assert contact.emails == [
        EmailValue("bozena@ordinace.example", "work", primary=True),
        EmailValue("bozena@domov.example", "private"),
    ]
    kept = notes(contact)
    assert "Anniversary: 2004-06-12" in kept
    assert "bratr: Karel" in kept
    assert "E-mail bozena@ordinace.example: ordinace ráno" in kept
    assert "X-SOCIALPROFILE (mastodon, x-user=bozena): https://social.example/@bozena" in kept
    assert 'První řádek\n„druhý“ řádek; s "uvozovkami" a velmi dlouhým koncem, který se láme, a pokračuje.' in kept
    # The bytes are a PNG although the card says JPEG.
    assert [file.content_type for file in contact.files] == ["image/png"]


def test_a_40_card_with_uris_quoted_lists_and_carets():
    person, company = read_vcards(sample("novy.vcf"))
    assert (person.title_after, person.language) == ("Ph.D., MBA", "en")
    assert person.phones == [
        PhoneValue("+420261123456", "+420-261-123-456;ext=102", "work", primary=True),
        PhoneValue("+420777888999", "+420-777-888-999", "mobile"),
    ]
    kept = notes(person)
    assert 'Address label: Viadukt\nU Mostu 3\n"dvůr"' in kept
    assert "Language: fr" in kept
    assert "Date of birth: --0203" in kept
    assert [file.name for file in person.files] == ["photo.png"]
    assert (company.kind, company.organisation) == ("organisation", "Viadukt z. s.")


def test_a_displayed_name_that_says_more_is_kept():
    assert notes(card("N:Nová;Jana;;Ing.;", "FN:Ing. Jana Nová")) == []
    assert notes(card("N:Nová;Jana;;;", "FN:Teta Jana")) == ["Displayed name: Teta Jana"]


def test_a_card_without_parts_of_the_name_is_split_from_the_displayed_one():
    contact = card("FN:Ing. Jana Nováková, Ph.D.", "N:;;;;")
    assert (contact.title_before, contact.first_name, contact.last_name, contact.title_after) == (
        "Ing.", "Jana", "Nováková", "Ph.D.",
    )  # fmt: skip


def test_a_card_of_a_company_only_is_a_company():
    assert card("FN:Dřevo", "ORG:Dřevo").kind == "organisation"


def test_a_note_broken_by_raw_lines_stays_whole():
    contact = card("N:Nová;Jana", "NOTE:první", "druhý bez dvojtečky", "http://odkaz.example", "TEL:777 123 456")
    assert notes(contact) == ["první\ndruhý bez dvojtečky\nhttp://odkaz.example"]
    assert len(contact.phones) == 1


def test_base64_without_indentation_is_read():
    photo = base64.b64encode(b"\xff\xd8\xff" + b"x" * 60).decode()
    contact = card("N:Nová;Jana", "PHOTO;ENCODING=BASE64;JPEG:", photo[:40], photo[40:], "", "NOTE:x", version="2.1")
    assert [(file.name, len(file.content)) for file in contact.files] == [("photo.jpg", 63)]


def test_a_damaged_picture_is_kept_as_text_with_a_remark():
    contact = card("N:Nová;Jana", "PHOTO;ENCODING=b;TYPE=JPEG:to není base64!")
    assert notes(contact) == ["Photograph (JPEG): to není base64!"]
    assert [problem.code for problem in contact.problems] == ["binary_broken"]


def test_a_card_that_was_cut_off_is_read_as_far_as_it_goes():
    first, second = read_vcards(b"BEGIN:VCARD\nN:A;B\nBEGIN:VCARD\nVERSION:3.0\nN:C;D")
    assert [(c.last_name, [p.code for p in c.problems]) for c in (first, second)] == [
        ("A", ["vcard_unclosed"]),
        ("C", ["vcard_unclosed"]),
    ]


def test_lines_that_are_nothing_are_kept_with_a_remark():
    contact = one(b"BEGIN:VCARD\ncosi\nN:A;B\nEND:VCARD")
    assert "cosi" in notes(contact)
    assert [problem.code for problem in contact.problems] == ["line_unreadable"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1250"])
def test_a_whole_file_in_any_encoding_is_read(encoding):
    data = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Žluťoučký;Jiří\r\nEND:VCARD\r\n".encode(encoding)
    assert one(data).last_name == "Žluťoučký"


def test_the_region_follows_the_addresses_or_the_numbers():
    american = b"BEGIN:VCARD\nN:A\nTEL:937-552-0134\nEND:VCARD\n"
    assert guess_vcard_region(american) == "US"
    assert guess_vcard_region(b"BEGIN:VCARD\nN:A\nADR:;;;;;;Slovensko\nTEL:1\nEND:VCARD\n") == "SK"
    assert guess_vcard_region(sample("ovoce.vcf")) == "CZ"


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"N:A;B\n", Limits(), "not_vcard"),
        (b"", Limits(), "empty_file"),
        (b"BEGIN:VCARD\nNOTE:" + b"x" * 200_000 + b"\nEND:VCARD", Limits(), "cell_too_long"),
        (b"BEGIN:VCARD\nPHOTO;ENCODING=b:" + b"AAAA" * 100 + b"\nEND:VCARD", Limits(binary_bytes=99), "binary_too_big"),
        (b"BEGIN:VCARD\nN:A\nEND:VCARD\n" * 3, Limits(rows=2), "too_many_rows"),
        (b"BEGIN:VCARD\nN:A\0\nEND:VCARD\n", Limits(), "null_bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data, limits, code):
    with pytest.raises(ImportProblem) as caught:
        list(read_vcards(data, limits=limits))
    assert caught.value.code == code


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]) | st.just("\n"), max_size=80
)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


@given(TEXT, st.integers(5, 75), st.sampled_from(["\n", "\r\n", "\r\r\n"]))
def test_folding_at_any_byte_is_undone(text, width, ending):
    line = f"NOTE:{escaped(text)}".encode()
    folded = f"{ending} ".encode().join(line[start : start + width] for start in range(0, len(line), width))
    data = b"BEGIN:VCARD\nVERSION:3.0\n" + folded + ending.encode() + b"END:VCARD\n"
    (written,) = read_cards(data)
    assert [unescape(prop.value, "3.0") for prop in written.properties if prop.name == "NOTE"] == [text]


@given(st.lists(TEXT.map(str.strip), min_size=1, max_size=5))
def test_structured_values_come_apart_where_they_were_joined(parts):
    assert split_value(";".join(escaped(part) for part in parts), ";", "3.0") == parts
    assert split_list(",".join(escaped(part) for part in parts), "4.0") == [part for part in parts if part]

"""No file, however damaged, ends in anything but a result or a problem in words."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.parsing.columns import guess_columns
from intake.parsing.detect import detect_kind
from intake.parsing.eml import read_email
from intake.parsing.encodings import decode
from intake.parsing.problems import ImportProblem
from intake.parsing.record import cells
from intake.parsing.rows import guess_options, parse_rows
from intake.parsing.table import open_table
from intake.parsing.vcard import guess_vcard_region, read_vcards
from tests.intake.parsing.files import CARDS, MAILS, TABLES, sample


def read_table(data: bytes) -> None:
    table = open_table(data)
    rows = table.sample()
    mapping = guess_columns(table.headers, rows)
    for contact in parse_rows(table.rows, mapping, guess_options(rows, mapping)):
        assert contact.note is not None
        assert all(isinstance(text, str) for text in cells(contact))


def read_cards(data: bytes) -> None:
    region = guess_vcard_region(data)
    for contact in read_vcards(data, region=region):
        assert "\0" not in "".join(cells(contact))


READERS: list[Callable[[bytes], object]] = [read_table, read_cards, read_email, detect_kind, decode]
SNIPPETS = st.sampled_from(
    [b"\r\n", b"\n", b'"', b";", b":", b"=", b"\\", b"\0", b"=?utf-8?q?", b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n",
     b"--vnejsi\n", b"\xff\xfe", b"<", b"@", b",", b"\xc5", b"ENCODING=QUOTED-PRINTABLE", b"BASE64", b"CHARSET=x\0"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with pieces cut out, doubled and put in."""
    data = bytearray(sample(draw(st.sampled_from([*TABLES, *CARDS, *MAILS]))))
    for _unused in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        data[start:end] = draw(st.binary(max_size=8) | SNIPPETS | st.just(bytes(data[start:end]) * 2))
    return bytes(data)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.binary(max_size=400) | damaged())
def test_no_reader_breaks_on_any_bytes(reader, data):
    with suppress(ImportProblem):
        reader(data)


@given(st.binary(max_size=300))
def test_random_bytes_in_each_wrapping_are_survived(data):
    for wrapped in (b"BEGIN:VCARD\n" + data + b"\nEND:VCARD", b"From: a@b.cz\nSubject: " + data, b"PK\x03\x04" + data):
        for reader in READERS:
            with suppress(ImportProblem):
                reader(wrapped)

"""E-mails as they come out of real programs: broken, nested, in old encodings."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.parsing.eml import read_email, text_of_html
from intake.parsing.problems import ImportProblem


def message(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    values = {"from": "Jana Nováková <jana@drevo.example>", "to": "obchod@firma.example", "subject": "Poptávka stolů"}
    for name, value in {**values, "date": "Tue, 24 Nov 2026 09:40:00 +0100", **headers}.items():
        mail[name] = value
    mail.set_content("Dobrý den,\nprosím o nabídku.")
    return mail


def test_headers_text_and_attachments_are_read() -> None:
    mail = message()
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="výkres č. 1.pdf")
    found = read_email(mail.as_bytes())
    assert (found.sender, found.recipients) == ("Jana Nováková <jana@drevo.example>", ["obchod@firma.example"])
    assert (found.subject, found.body) == ("Poptávka stolů", "Dobrý den,\nprosím o nabídku.")
    assert found.sent_at == dt.datetime(2026, 11, 24, 8, 40, tzinfo=dt.UTC)
    assert [(f.name, f.content) for f in found.attachments] == [("výkres č. 1.pdf", b"%PDF-1.7")]


def test_an_old_encoding_is_read_and_a_wrong_one_does_not_stop_it() -> None:
    for charset in ("windows-1250", "utf-8", "no-such-charset"):
        text = "Šťastný rok".encode("cp1250" if charset != "utf-8" else "utf-8")
        raw = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n".encode() + text
        assert read_email(raw).body == "Šťastný rok"


def test_html_becomes_text_and_nothing_of_it_runs() -> None:
    raw = b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n<p>Ahoj <b>Jano</b></p><script>alert(1)</script>"
    assert read_email(raw).body == "Ahoj Jano"
    assert text_of_html("<style>p{}</style><div>a</div><div>b &amp; c</div>") == "a\n\nb & c"


def test_a_forwarded_message_is_one_attachment() -> None:
    mail = message()
    mail.add_attachment(message(subject="Vnitřní"))
    found = read_email(mail.as_bytes())
    assert [f.content_type for f in found.attachments] == ["message/rfc822"]
    assert "Vnitřní" not in found.body


def test_the_same_message_has_the_same_digest_and_another_one_another() -> None:
    mine = message(**{"message-id": "<1@drevo.example>"}).as_bytes()
    again = message(**{"message-id": "<1@drevo.example>", "x-seen-by": "other program"}).as_bytes()
    assert read_email(mine).digest == read_email(again).digest
    assert read_email(mine).digest != read_email(message(**{"message-id": "<2@drevo.example>"}).as_bytes()).digest


def test_a_line_break_in_a_header_adds_no_header() -> None:
    raw = b"From: a@b.example\nSubject: =?utf-8?q?x=0D=0ABcc=3A_spy=40evil.example?=\n\ntext"
    found = read_email(raw)
    assert "\n" not in found.subject
    assert found.recipients == []


@pytest.mark.parametrize(("data", "code"), [(b"", "empty_file"), (b"just some text", "not_email")])
def test_what_is_no_message_is_said_so(data: bytes, code: str) -> None:
    with pytest.raises(ImportProblem) as problem:
        read_email(data)
    assert problem.value.code == code


def test_a_bomb_of_parts_is_not_opened() -> None:
    inner = b"".join(b"--x\nContent-Type: text/plain\n\na\n" for _ in range(600))
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n" + inner + b"--x--"
    with pytest.raises(ImportProblem) as problem:
        read_email(raw)
    assert problem.value.code == "too_many_parts"


@given(st.binary(max_size=2000))
def test_whatever_comes_it_is_read_or_refused(data: bytes) -> None:
    for raw in (data, b"From: a@b.example\nSubject: " + data, b"From: a\nContent-Type: " + data):
        try:
            found = read_email(raw)
        except ImportProblem:
            continue
        assert "\x00" not in found.body

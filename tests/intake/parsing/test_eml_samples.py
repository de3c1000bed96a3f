"""Sample e-mails into what a timeline shows, however badly they are written."""

import datetime as dt
import time

import pytest

from intake.parsing.eml import Mailbox, read_email, safe_name
from intake.parsing.html_text import text_of_html
from intake.parsing.limits import Limits
from intake.parsing.problems import ImportProblem
from tests.intake.parsing.files import sample

NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"


def test_a_message_with_everything():
    mail = read_email(sample("poptavka.eml"))
    assert mail.senders == [Mailbox("Jiří Žluťoučký", "jiri@drevo.example")]
    assert mail.to == [Mailbox("Petra Dvořáková", "petra@firma.example"), Mailbox("Sklad, Brno", "sklad@firma.example")]
    assert mail.cc == [Mailbox("", "info@firma.example")]
    assert mail.sent_at == dt.datetime(2026, 11, 24, 8, 15, tzinfo=dt.UTC)
    assert mail.subject == "Poptávka střechy „nová“"
    assert mail.body == "Dobrý den,\nposílám poptávku na střechu."
    assert [(file.name, file.content_type) for file in mail.attachments] == [
        ("nabídka ř.pdf", "application/pdf"),
        ("winmail.dat", "application/ms-tnef"),
        ("message.eml", "message/rfc822"),
    ]
    assert mail.attachments[0].content.startswith(b"%PDF")
    assert b"puvodni text" in mail.attachments[2].content
    assert mail.problems == []


def test_html_alone_becomes_text_without_code():
    mail = read_email(sample("jen-html.eml"))
    assert mail.body == "Příští týden\n\nVíce na našem webu (https://obchod.example/akce?x=1&y=2)."
    assert mail.sent_at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_broken_message_is_read_as_far_as_it_goes_and_forges_nothing():
    mail = read_email(sample("rozbity.eml"))
    assert mail.senders == [Mailbox("Podvodník", "zly@podvod.example")]
    assert mail.sent_at is None
    assert mail.body == "Příli"
    assert [file.name for file in mail.attachments] == ["gpj.exe"]
    assert [problem.code for problem in mail.problems] == ["header_broken"]


def test_no_header_carries_a_line_break():
    mail = read_email(
        b"Subject: =?utf-8?q?Ahoj=0D=0ABcc:_vsichni@x.example?=\n"
        b"From: =?utf-8?q?Eva=0A?= <eva@x.example>, =?utf-8?q?a=40b.cz=2C_c=40d.cz?= <e@f.cz>\n\nx"
    )
    assert mail.subject == "Ahoj Bcc: vsichni@x.example"
    assert mail.senders == [Mailbox("Eva", "eva@x.example"), Mailbox("a@b.cz, c@d.cz", "e@f.cz")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\eva\\plán.dwg", "plán.dwg"),
        ("a\r\nb.txt", "ab.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a:b*c?.pdf", "a_b_c_.pdf"),
        ("...", ""),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_of_files_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_name_in_plain_utf_8_is_readable():
    mail = read_email(
        'Subject: x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="šťáva.pdf"\n\nx'.encode()
    )
    assert [file.name for file in mail.attachments] == ["šťáva.pdf"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"just a text", "not_email"),
        (b"From: a@b.cz\n" + b"".join(NESTED % (i, i) for i in range(99)), "too_many_parts"),
        (b"From: a@b.cz\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 600, "too_many_parts"),
        (b"From: " + b"(" * 50_000 + b"\n\nx", "too_many_parts"),
    ],
    ids=["empty", "no mail", "nested", "many", "comments"],
)  # fmt: skip
def test_what_is_no_message_or_meant_to_harm_is_refused(data, code):
    with pytest.raises(ImportProblem) as caught:
        read_email(data)
    assert caught.value.code == code


def test_a_long_text_is_cut_with_a_remark():
    mail = read_email(b"Subject: x\n\n" + b"a" * 50, limits=Limits(body_chars=10))
    assert (mail.body, [problem.code for problem in mail.problems]) == ("a" * 10, ["body_cut"])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b &amp; c&nbsp;d", "a\nb & c d"),
        ("<ul><li>x<li>y</ul>", "x\ny"),
        ("<script>bad()</script>x<style>p{}</style>", "x"),
        ("<title>t</title><a href='https://a.cz'>a</a>", "a (https://a.cz)"),
        ("<a href=mailto:j@x.cz>j@x.cz</a>", "j@x.cz"),
        ("<a href=javascript:x()>a</a>", "a"),
        ("3 < 4 a <b>5</b>", "3 < 4 a 5"),
        ("<!-- <b>ne</b> -->ano", "ano"),
        ("<!-- nikdy <b>x</b>", "x"),
        ("<script>nikdy", ""),
    ],
)
def test_html_is_read_as_a_person_would(html, text):
    assert text_of_html(html).replace("\n\n\n", "\n\n") == text


@pytest.mark.parametrize(
    "hostile", ["<a", "<!-- >", "</", "&", "<3", "<a href='", "<a href=http:x>t", "<script>", "<![CDATA[", "<td>"]
)
def test_hostile_html_takes_no_longer_than_its_length(hostile):
    start = time.monotonic()
    text_of_html(hostile * (300_000 // len(hostile)) + ">")
    assert time.monotonic() - start < 5

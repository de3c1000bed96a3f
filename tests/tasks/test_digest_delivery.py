"""The morning letter through a real mail server, and through many processes' hands at once."""

from __future__ import annotations

import email
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from tasks import digest
from tasks.models import DigestSent
from tasks.services import create_task
from tests.conftest import make_user

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


class Sink:
    """Takes every letter; says no to the addresses in `refused`."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the library's name)
        if address in self.refused:
            return "450 4.2.1 The mailbox is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        letter = email.message_from_bytes(envelope.content, policy=default)
        self.letters += [(address, letter) for address in envelope.rcpt_tos]
        return "250 OK"


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    server.stop()


@pytest.fixture
def people(petra: User) -> list[User]:
    everyone = [petra, *(make_user(f"Kolega{number} Pilný") for number in range(9))]
    for user in everyone:
        create_task(title="Zavolat Janě Novákové", assignee=user, due_on=timezone.localdate(), actor=user)
    return everyone


def test_each_gets_one_letter_with_text_and_html(sink: Sink, people: list[User], petra: User) -> None:
    digest.plan()
    assert digest.send_planned() == 10
    assert sorted(address for address, _ in sink.letters) == sorted(user.email for user in people)
    letter = dict(sink.letters)[petra.email]
    assert letter["Subject"] == "Karta: 1 task waits"
    text = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    assert ("To do" in text, "To do" in html, "Novák" in text + html) == (True, True, False)


def test_what_the_server_refuses_for_now_arrives_later(sink: Sink, people: list[User], petra: User) -> None:
    sink.refused = {petra.email}
    digest.plan()
    assert digest.send_planned() == 9
    sink.refused = set()
    assert [digest.send_planned(), digest.send_planned()] == [1, 0]
    assert sink.letters[-1][0] == petra.email


def test_eight_at_once_send_each_letter_once(sink: Sink, people: list[User]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")
    sent: list[int] = []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        digest.plan()
        sent.append(digest.send_planned())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(sent), len(sink.letters), DigestSent.objects.count()) == (10, 10, 10)

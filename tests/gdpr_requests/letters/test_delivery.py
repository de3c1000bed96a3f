"""Letters through a real mail server: each arrives once, names nobody in its subject, and failures can be seen."""

from __future__ import annotations

import datetime as dt
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections
from django.utils import timezone

from audit.models import AuditEvent
from gdpr_requests.letters.delivery import deliver, deliver_waiting
from gdpr_requests.letters.services import draft_letter, send_letter, take_back
from gdpr_requests.models import DataSubjectRequest, Letter
from tests.gdpr_requests.letters.conftest import make_request
from tests.gdpr_requests.letters.mail import Sink

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


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
def waiting(asked, petra) -> Letter:
    """An acknowledgement that waits for the worker."""
    return queued(asked, petra)


def queued(request: DataSubjectRequest, actor) -> Letter:
    """Sent on its way, but the message to the worker was lost: the row alone knows."""
    letter = draft_letter(kind="acknowledgement", request=request, actor=actor)
    Letter.objects.filter(pk=letter.pk).update(queued_at=timezone.now(), sent_by_id=actor.pk)
    letter.refresh_from_db()
    return letter


def state(letter: Letter) -> tuple[bool, str, bool]:
    """Sent? why not? claimed?"""
    row = Letter.objects.get(pk=letter.pk)
    return row.sent_at is not None, row.failure, row.claimed_at is not None


def test_sending_hands_the_letter_to_the_worker_and_it_arrives_with_text_and_pdf(sink, asked, petra):
    letter = draft_letter(kind="acknowledgement", request=asked, actor=petra)
    send_letter(letter=letter, via="email", actor=petra)
    assert state(letter) == (True, "", True)
    [message] = sink.letters
    assert (message["Subject"], message["To"]) == ("Přijali jsme Vaše podání Z-2026-000001", "jana@drevo.example")
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Vážená paní Nováková,\n\ndne 3. 11. 2026 jsme přijali Vaše podání")
    [attachment] = list(message.iter_attachments())
    assert (attachment.get_filename(), attachment.get_content_type()) == ("dopis.pdf", "application/pdf")
    assert BytesIO(attachment.get_content()).read(5) == b"%PDF-"


def test_no_subject_of_any_kind_names_the_person(sink, asked, petra, jana):
    from gdpr_requests.models import LetterKind

    values = ("Jana", "Novák", "jana@drevo.example", "603111222")
    for kind in LetterKind.values:
        letter = draft_letter(kind=kind, request=asked, contact=jana)
        assert [value for value in values if value in letter.subject] == []


def test_a_letter_never_carries_the_copy_of_the_data(sink, asked, petra):
    from contacts.services.timeline import add_entry
    from gdpr_requests.desk.services import check_identity

    add_entry(contact=asked.contact, kind="note", body="tajná poznámka", actor=petra)
    check_identity(request=asked, method="known_address", actor=petra)
    send_letter(letter=draft_letter(kind="access", request=asked), via="email", actor=petra)
    [message] = sink.letters
    assert "tajná poznámka" not in message.get_body(("plain",)).get_content()
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"]


def test_running_the_job_twice_sends_one_letter(sink, waiting):
    assert [deliver(waiting.pk), deliver(waiting.pk), deliver_waiting()] == [True, False, 0]
    assert len(sink.letters) == 1


def test_eight_workers_at_once_send_one_letter_each(sink, asked, petra):
    letters = [queued(asked, petra) for _ in range(5)]
    sink.delay = 0.05
    sent: list[int] = []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        sent.append(deliver_waiting())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(sent), len(sink.letters)) == (5, 5)
    assert len({message["Message-ID"] for message in sink.letters}) == 5
    assert {state(letter) for letter in letters} == {(True, "", True)}


def test_what_the_server_refuses_for_now_is_tried_again_by_itself(sink, waiting):
    sink.refusals = {"jana@drevo.example": "450 4.2.1 The mailbox is busy"}
    assert deliver_waiting() == 0
    assert state(waiting) == (False, "unreachable", False)
    sink.refusals = {}
    assert [deliver_waiting(), deliver_waiting()] == [1, 0]
    assert (state(waiting), len(sink.letters)) == ((True, "", True), 1)


def test_what_the_server_refuses_for_good_waits_for_a_colleague_and_can_be_corrected(sink, waiting, petra, client_of):
    sink.refusals = {"jana@drevo.example": "550 5.1.1 No such user"}
    assert [deliver_waiting(), deliver_waiting()] == [0, 0]
    assert state(waiting) == (False, "refused", True)
    page = client_of(petra).get(f"/requests/letters/{waiting.pk}/").content.decode()
    assert ("The mail server refused the letter" in page, "Send again" in page) == (True, True)
    draft = take_back(letter=waiting, actor=petra)
    assert draft.is_draft
    sink.refusals = {}
    send_letter(letter=draft, via="email", actor=petra)
    assert (deliver_waiting(), len(sink.letters), state(waiting)) == (0, 1, (True, "", True))


def test_sending_again_from_the_page_delivers_what_had_failed(sink, waiting, petra, client_of):
    sink.refusals = {"jana@drevo.example": "550 5.1.1 No such user"}
    deliver_waiting()
    sink.refusals = {}
    answer = client_of(petra).post(f"/requests/letters/{waiting.pk}/send/", {"via": "email"})
    assert answer.status_code == 302
    assert (len(sink.letters), deliver_waiting()) == (1, 0)


def test_a_server_out_of_reach_is_tried_again(sink, waiting, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert deliver_waiting() == 0
    assert state(waiting) == (False, "unreachable", False)
    settings.EMAIL_PORT = port
    assert (deliver_waiting(), len(sink.letters)) == (1, 1)


def test_a_connection_that_breaks_leaves_a_question_and_no_second_letter(sink, waiting):
    sink.breaks_off = True
    assert deliver_waiting() == 0
    sink.breaks_off = False
    assert [state(waiting), deliver_waiting()] == [(False, "unknown", True), 0]
    assert len(sink.letters) == 1
    event = AuditEvent.objects.get(action="letter.failed")
    assert event.detail == {"failure": "unknown"}


def test_a_worker_that_died_while_sending_leaves_a_question(sink, waiting):
    Letter.objects.filter(pk=waiting.pk).update(claimed_at=timezone.now() - dt.timedelta(minutes=16))
    assert deliver_waiting() == 0
    assert (state(waiting), sink.letters) == ((False, "unknown", True), [])


def test_a_letter_about_somebody_erased_meanwhile_is_not_sent(sink, petra):
    from privacy.models import SubjectKey

    request = make_request(None)
    letter = queued(request, petra)
    SubjectKey.objects.filter(pk=request.key_id).delete()
    assert deliver_waiting() == 0
    assert (state(letter), sink.letters) == ((False, "unreadable", True), [])


WORKER = """
import django, sys
django.setup()
from gdpr_requests.letters.delivery import deliver_waiting
deliver_waiting()
"""


def test_workers_killed_at_random_moments_never_send_a_letter_twice(sink, petra, settings):
    """Eight workers are killed while they send; nothing arrives twice, and nothing that did not arrive says so."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")
    seed = int(os.environ.get("SEED", "7"))
    chance = random.Random(seed)
    letters = [queued(make_request(None), petra) for _ in range(30)]
    sink.delay = 0.02
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    mail = f"smtp://127.0.0.1:{settings.EMAIL_PORT}"
    env = {**os.environ, "DATABASE_URL": url, "EMAIL_URL": mail, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    env |= {"SECRET_KEY": settings.SECRET_KEY, "FIELD_ENCRYPTION_KEY": ",".join(settings.FIELD_ENCRYPTION_KEY)}
    for _ in range(8):
        before = len(sink.letters)
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=env)
        while len(sink.letters) == before and worker.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.08))
        worker.kill()
        worker.wait()
    died = timezone.now() - dt.timedelta(hours=1)
    Letter.objects.filter(claimed_at__isnull=False, sent_at__isnull=True).update(claimed_at=died)
    deliver_waiting()
    rows = list(Letter.objects.filter(pk__in=[letter.pk for letter in letters]))
    sent = {str(row.pk) for row in rows if row.sent_at}
    unknown = {str(row.pk) for row in rows if row.failure == "unknown"}
    arrived = [str(message["Message-ID"]).partition("@")[0].removeprefix("<letter.") for message in sink.letters]
    assert len(arrived) == len(set(arrived)), f"seed {seed}"
    assert (sent <= set(arrived), set(arrived) <= sent | unknown, len(sent | unknown)) == (True, True, 30), seed
    print(f"sent {len(sent)}, left open {len(unknown)}, arrived {len(arrived)}")

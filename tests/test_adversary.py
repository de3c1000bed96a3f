"""What somebody with bad intentions tries: forged requests, roads elsewhere, raw SQL, and looking through what is left
lying about.
"""

from __future__ import annotations

import io
import json
import logging
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from celery.app.task import Task as CeleryTask
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, models, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import reauth
from accounts.models import Installation, User
from audit.chain import link_events
from audit.models import AuditEvent
from consents.services.ledger import record_event
from contacts.models import Contact
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from crm.logs import SafeFormatter
from privacy.append_only import guarded_models
from tasks.models import Task
from tasks.services import create_task
from tests import make
from tests.addresses import addresses
from tests.conftest import PASSWORD
from tests.test_access_matrix import ALL_ROWS, resolved, world  # noqa: F401 - the cast of the matrix

pytestmark = pytest.mark.django_db

# --- forged requests ----------------------------------------------------------------------------------------------

CHANGES = {row.name: (room, row) for room, row in ALL_ROWS if row.method == "post"}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_nothing_is_changed_by_a_request_without_the_token_of_its_page(name, world, client_of):  # noqa: F811
    room, row = CHANGES[name]
    if hasattr(room, "prepare"):
        room.prepare(world)
    url = reverse(row.name, kwargs=resolved(row.kwargs, world))
    person = next((who for who in ("admin", "dpo", "manager", "staff") if row.expected[who] in (200, 302)), "admin")
    browser = client_of(getattr(world, person))
    browser.handler.enforce_csrf_checks = True
    before = AuditEvent.objects.count()
    assert browser.post(url, resolved(row.data, world)).status_code == 403
    assert AuditEvent.objects.count() == before


def test_no_address_does_without_the_token() -> None:
    assert [name for name, view in addresses() if getattr(view, "csrf_exempt", False)] == []


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_nothing_is_changed_by_following_a_link(name, world, client_of):  # noqa: F811
    """A GET with the very data of the form (a picture in somebody's letter) writes nothing but what it looked at."""
    room, row = CHANGES[name]
    if hasattr(room, "prepare"):
        room.prepare(world)
    url = reverse(row.name, kwargs=resolved(row.kwargs, world))
    person = next((who for who in ("admin", "dpo", "manager", "staff") if row.expected[who] in (200, 302)), "admin")
    browser = client_of(getattr(world, person))
    before = stores()
    answer = browser.get(url, resolved(row.data, world))
    assert answer.status_code in (200, 302, 403, 404, 405, 410, 422)
    assert {table: rows for table, rows in stores().items() if rows != before[table]} == {}


LOOKED_AT = {"audit_auditevent", "django_session", "accounts_attemptcounter", "privacy_release"}


def stores() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for the record of what was seen and the session."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in LOOKED_AT and model._meta.managed:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(cursor.fetchall(), key=repr)
    # When a colleague was last here is written once a minute.
    return found


# --- roads elsewhere ----------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://zlo.example/",
    "//zlo.example/",
    "/\\zlo.example",
    "/\\/zlo.example",
    "\\\\zlo.example",
    "https:zlo.example",
    "https:/\\zlo.example",
    "///zlo.example",
    "/%09/zlo.example",
    "\t//zlo.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://testserver@zlo.example/",
    "http://testserver.zlo.example/",
    "https://testserver:pass@zlo.example",
]


def leads_away(answer: object) -> bool:
    """Whether a browser would leave this installation, by its own reading of the address."""
    to = str(answer.headers.get("Location", ""))  # type: ignore[attr-defined]
    to = to.replace("\\", "/").strip()
    return bool(to) and not (to.startswith("/") and not to.startswith("//")) and not to.startswith("http://testserver/")


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_way_back_leads_elsewhere(where: str, petra: User, client_of) -> None:
    stranger = Client()
    answers = [stranger.post("/accounts/login/", {"username": petra.email, "password": PASSWORD, "next": where})]
    browser = client_of(petra)
    answers += [
        browser.get("/accounts/login/", {"next": where}),
        browser.post("/accounts/confirm/", {"password": PASSWORD, "next": where}),
        browser.post("/accounts/preferences/", {"language": "cs", "next": where}),
        browser.get("/admin/login/", {"next": where}),
        browser.post("/accounts/preferences/", {"language": "cs"}, headers={"referer": where}),
        Client().get("/contacts/" + where.lstrip("/")),
    ]
    card = make.contact(petra)
    answers.append(
        browser.post(f"/contacts/{card.pk}/tasks/new/", {"title": "x", "due_on": "2030-01-01", "back": where})
    )
    task = make_task(petra)
    answers += [
        browser.post(reverse("tasks:done", args=[task.pk]), {"back": where, "next": where}),
        browser.post(reverse("tasks:reopen", args=[task.pk]) + "?back=" + where, {}),
        browser.post("/accounts/logout/", {"next": where}),
    ]
    assert [answer.request["PATH_INFO"] for answer in answers if leads_away(answer)] == []
    if where != "/%09/zlo.example":  # a path of our own, as browsers read it
        page = client_of(petra).get("/accounts/confirm/", {"next": where}).content.decode()
        assert f'href="{where}"' not in page


def make_task(user: User) -> Task:
    return create_task(title="Zavolat", due_on=timezone.localdate(), assignee=user, actor=user)


# --- raw SQL ------------------------------------------------------------------------------------------------------


def filled(model: type[models.Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
        return bool(cursor.fetchone()[0])


def attacks(model: type[models.Model]) -> Iterator[str]:
    """What raw SQL can do to a row that must never change."""
    table, pk = model._meta.db_table, model._meta.pk.column
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    for column in columns:
        yield f'UPDATE "{table}" SET "{column}" = NULL'
        yield f'UPDATE "{table}" SET "{column}" = "{column}"'
    yield f'UPDATE "{table}" SET "{pk}" = "{pk}"'
    yield f'DELETE FROM "{table}"'
    if connection.vendor == "sqlite":
        names = ", ".join(f'"{name}"' for name in [pk, *columns])
        yield f'REPLACE INTO "{table}" ({names}) SELECT {names} FROM "{table}"'
        yield f'INSERT OR REPLACE INTO "{table}" ({names}) SELECT {names} FROM "{table}"'
        yield f'UPDATE OR REPLACE "{table}" SET "{columns[0]}" = "{columns[0]}"'
        upsert = f'ON CONFLICT DO UPDATE SET "{columns[0]}" = 1'
        yield f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}" WHERE true {upsert}'
        for column in columns:
            if model._meta.get_field(_name_of(model, column)).unique:
                # A new key, but the unique value of an old row: REPLACE would throw the old one out.
                shifted = names.replace(f'"{pk}"', _other_key(model), 1)
                yield f'INSERT OR REPLACE INTO "{table}" ({names}) SELECT {shifted} FROM "{table}"'
    else:
        yield f'TRUNCATE "{table}" CASCADE'
        yield f'TRUNCATE "{table}" RESTART IDENTITY CASCADE'


def _name_of(model: type[models.Model], column: str) -> str:
    return next(field.name for field in model._meta.concrete_fields if field.column == column)


def _other_key(model: type[models.Model]) -> str:
    pk = model._meta.pk
    return f'"{pk.column}" + 100000' if isinstance(pk, models.IntegerField) else "lower(hex(randomblob(16)))"


def test_no_statement_changes_what_only_grows(petra: User, dpo: User, client_of) -> None:
    """On every guarded table that daily work fills, and on each of its columns."""
    card = make.contact(petra, ground=make.consent_ground())
    client_of(petra).get(card.get_absolute_url())
    record_event(
        contact=card,
        purpose=make.purpose("newsletter"),
        kind="withdrawn",
        evidence=make.PAPER,
        actor=petra,
    )
    link_events()
    tried = [model for model in guarded_models() if filled(model)]
    assert {"AuditEvent", "AuditLink", "ConsentEvent"} <= {model.__name__ for model in tried}
    went_through = []
    for model in tried:
        before = snapshot(model)
        for statement in attacks(model):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    if snapshot(model) != before or cursor.rowcount > 0:
                        went_through.append(statement)
                    transaction.set_rollback(True)
            except Error:
                continue
        assert snapshot(model) == before
    assert went_through == []


def snapshot(model: type[models.Model]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
        return sorted(cursor.fetchall(), key=repr)


# --- files and cards of others ------------------------------------------------------------------------------------


@pytest.fixture
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.usefixtures("media")
def test_no_address_of_a_hidden_card_answers_with_anything_of_it(petra: User, cizi: User, client_of) -> None:
    """Every address that takes the id of a card, a file or an entry: 404, whichever the method, and never its words."""
    hidden = make.contact(petra, last_name="Skrytonošová", ground=make.consent_ground())
    file = add_file(
        contact=hidden, stream=io.BytesIO(b"Skryty obsah"), name="Skrytonos.pdf", content_type="x", actor=petra
    )
    entry = add_entry(contact=hidden, kind="note", actor=petra, body="Skrytonošová volala")
    own = make.contact(cizi, email="vlastni@drevo.example", phone=None)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    browser = client_of(cizi)
    session = browser.session
    session[reauth.CONFIRMED] = int(time.time())
    session.save()
    pks = {
        "pk": [hidden.pk, file.pk, entry.pk],
        "other": [hidden.pk],
        "file": [file.pk],
        "entry": [entry.pk],
    }
    told = []
    for path in card_paths(pks):
        for method in ("get", "post"):
            answer = getattr(browser, method)(path)
            body = answer.getvalue() if answer.streaming else answer.content
            if answer.status_code not in (404, 405, 403) or b"Skryt" in body:
                told.append((method, path, answer.status_code))
    assert told == []
    # Nor under the address of a card of one's own.
    assert browser.get(reverse("contacts:file", args=[own.pk, file.pk])).status_code == 404


def card_paths(pks: dict[str, list[object]]) -> set[str]:
    """The addresses whose parameters are ids of ours."""
    found = set()
    for name, _view in addresses():
        if name.startswith(("admin", "/")):
            continue
        for _pattern, parameters in _patterns(name):
            if parameters and set(parameters) <= pks.keys():
                for pk in pks[parameters[0]]:
                    values = {key: pks[key][0] for key in parameters[1:]}
                    found.add(reverse(name, kwargs={parameters[0]: pk, **values}))
    return found


def _patterns(name: str) -> list[tuple[str, list[str]]]:
    namespace, _colon, plain = name.rpartition(":")
    resolver = get_resolver()
    if namespace:
        _prefix, resolver = resolver.namespace_dict[namespace]
    return [pattern for patterns in resolver.reverse_dict.getlist(plain) for pattern in patterns[0]]


# --- what is left lying about -------------------------------------------------------------------------------------

NEEDLE = "Vosmikova"


@pytest.fixture
def jobs(monkeypatch) -> list[str]:
    """Every message to the worker, as it would lie in the queue."""
    sent: list[str] = []
    send = CeleryTask.apply_async

    def noted(self: CeleryTask, *given: object, **more: object) -> object:
        sent.append(repr((self.name, given, more)))
        return send(self, *given, **more)

    monkeypatch.setattr(CeleryTask, "apply_async", noted)
    return sent


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unquote_plus(text))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()


@pytest.mark.usefixtures("media")
def test_driving_the_pages_leaves_no_word_of_a_person_lying_about(
    petra: User, dpo: User, client_of, caplog, jobs
) -> None:
    """Names and addresses are typed, searched, imported, exported, mailed and erased; then everything else is read:
    logs, messages to the worker, cache, sessions, subjects of letters, addresses that people were sent to, the audit.
    """
    roads: list[str] = []
    with caplog.at_level(logging.INFO):
        drive(petra, dpo, client_of, roads)
    lying: dict[str, list[str]] = {
        "logs": [SafeFormatter("{message}", style="{").format(record) for record in caplog.records],
        "jobs": jobs,
        "roads": roads,
        "cache": cached(),
        "sessions": [json.dumps(session.get_decoded()) for session in Session.objects.all()],
        "subjects": [letter.subject for letter in mail.outbox],
        "admin log": [str(entry) for entry in LogEntry.objects.all()],
        "audit": [repr(row) for row in AuditEvent.objects.values_list()],
    }
    assert Contact.objects.filter(owner=petra).exists()
    told = {where: [t for t in texts if "vosmik" in folded(t)] for where, texts in lying.items()}
    assert {where: texts for where, texts in told.items() if texts} == {}
    assert lying["sessions"]
    assert lying["logs"]


def drive(petra: User, dpo: User, client_of, roads: list[str]) -> None:
    browser = client_of(petra)
    purpose = make.purpose("contract")

    def go(method: str, url: str, data: dict[str, object] | None = None, by: Client | None = None, **more: object):
        answer = getattr(by or browser, method)(url, data or {}, **more)
        roads.extend([answer.headers.get("Location", ""), answer.headers.get("HX-Redirect", "")])
        roads.append(answer.headers.get("HX-Push-Url", ""))
        roads.append(answer.headers.get("Content-Disposition", "") if "/export/" in url else "")
        return answer

    new = {
        "who-kind": "person",
        "who-first_name": "Alena",
        "who-last_name": "Vosmíková",
        "who-email": "alena.vosmikova@drevo.example",
        "who-phone": "603111222",
        "who-source": "person",
        "who-language": "cs",
        "why-reference": "Vosmíková S-1",
        "why-valid_from": timezone.localdate().isoformat(),
        "why-method": "email",
    }
    go("post", reverse("intake:new") + f"?purpose={purpose.slug}", new)
    card = Contact.objects.filter(owner__isnull=False).first() or make.contact(
        petra, last_name="Vosmíková", email="alena.vosmikova@drevo.example"
    )
    address = card.get_absolute_url()
    go("post", reverse("crm:search"), {"q": "Vosmíková"}, headers={"HX-Request": "true"})
    go("post", reverse("crm:search"), {"q": "alena.vosmikova@drevo.example"})
    go("get", reverse("crm:contacts") + "?q=Vosm%C3%ADkov%C3%A1")
    go("get", address)
    go("post", f"{address}tasks/new/", {"title": "Volat Vosmíkové", "due_on": timezone.localdate().isoformat()})
    add_entry(contact=card, kind="note", actor=petra, body="Vosmíková volala", subject="Vosmíková")
    go("post", reverse("intake:import"), {"file": SimpleUploadedFile("Vosmikova.csv", "jméno\nVosmíková\n".encode())})
    go("get", f"{address}edit/")
    go("post", f"{address}edit/", {"last_name": "Vosmíková" * 40})
    go("get", reverse("gdpr_requests:export", args=[card.pk]))
    go("post", reverse("gdpr_requests:export", args=[card.pk]))
    go("get", "/contacts/Vosm%C3%ADkov%C3%A1/")
    go("get", "/nowhere/vosmikova@drevo.example/")
    go("post", reverse("accounts:request_link"), {"email": "vosmikova@drevo.example"}, by=Client())
    go("post", "/accounts/login/", {"username": "vosmikova@drevo.example", "password": "Vosmíková"}, by=Client())
    officer = client_of(dpo)
    go("get", reverse("gdpr_requests:erase", args=[card.pk]), by=officer)
    go("get", reverse("gdpr_requests:desk"), by=officer)


def cached() -> list[str]:
    """Every key and value of the cache, whichever kind it is."""
    inner = getattr(cache, "_cache", None)
    if isinstance(inner, dict):
        return [repr(pair) for pair in inner.items()]
    folder = getattr(cache, "_dir", None)
    if folder:
        return [path.name + path.read_bytes().decode("latin-1") for path in Path(folder).rglob("*") if path.is_file()]
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    return [repr((key, client.dump(key))) for key in client.scan_iter("*")]


def test_the_session_lives_in_the_database_and_its_cookie_is_out_of_reach_of_scripts() -> None:
    assert django_settings.SESSION_COOKIE_HTTPONLY
    assert django_settings.CSRF_COOKIE_SAMESITE in ("Lax", "Strict")

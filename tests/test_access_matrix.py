"""Every address x everybody in the cast x the status they get. How to add a row: tests/access/__init__.py."""

from __future__ import annotations

import importlib
import pkgutil
import time
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import tests.access
from accounts import reauth
from tests.access import CAST, Row
from tests.addresses import addresses

ROOMS: list[ModuleType] = [
    importlib.import_module(f"tests.access.{module.name}") for module in pkgutil.iter_modules(tests.access.__path__)
]
ALL_ROWS = [(room, row) for room in ROOMS for row in room.ROWS]


@pytest.fixture
def world(request, db) -> SimpleNamespace:
    """The cast, under the names that the rows use; rooms add what their addresses show."""
    fixtures = {"staff": "petra", "mate": "tomas", "other": "cizi"}
    people = {name: request.getfixturevalue(fixtures.get(name, name)) for name in CAST if name != "stranger"}
    return SimpleNamespace(**people, stranger=None)


def resolved(values: Any, world: SimpleNamespace) -> dict[str, Any]:
    return {name: value(world) if callable(value) else value for name, value in values.items()}


def status_for(person: str, row: Row, world: SimpleNamespace, client_of: Any) -> int:
    """What one of the cast gets; whatever the request changed is undone."""
    with transaction.atomic():
        user = getattr(world, person)
        client = client_of(user) if user else Client()
        if user:
            session = client.session
            session[reauth.CONFIRMED] = int(time.time())
            session.save()
        url = reverse(row.name, kwargs=resolved(row.kwargs, world))
        data = resolved(row.data, world)
        status: int = getattr(client, row.method)(url, data, headers=dict(row.headers)).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize(("room", "row"), ALL_ROWS, ids=[str(row) for _room, row in ALL_ROWS])
def test_everybody_gets_what_the_matrix_says(room, row, world, client_of):
    if hasattr(room, "prepare"):
        room.prepare(world)
    assert {person: status_for(person, row, world, client_of) for person in CAST} == dict(row.expected)


def test_every_address_has_a_row():
    named = {row.name for _room, row in ALL_ROWS}
    # Django's administration has addresses without a name: they lead on to others of its own, all behind its door.
    known = {name for name, _view in addresses() if not name.startswith("/admin/")}
    assert sorted(known - named) == [], "add rows to tests/access/<room>.py"


def test_every_row_has_an_address():
    known = {name for name, _view in addresses()}
    assert sorted({row.name for _room, row in ALL_ROWS} - known) == []

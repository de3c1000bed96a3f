"""Everything the tests share: the cast of people that every test knows, and how to act as one of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from django.utils.text import slugify
from hypothesis import settings as hypothesis_settings

from accounts import roles
from accounts.models import Team, User
from privacy.append_only import drop_triggers_for_flush

# `make trust` takes its time; elsewhere a slow machine is no fault of the code.
hypothesis_settings.register_profile("usual", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.register_profile("trust", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

_flush = TransactionTestCase._fixture_teardown


def _flush_with_guards_down(case: TransactionTestCase) -> None:
    """Transactional tests end by emptying every table, which the append-only guards rightly refuse."""
    drop_triggers_for_flush(connection)
    _flush(case)


TransactionTestCase._fixture_teardown = _flush_with_guards_down

PASSWORD = "Zelené jablko na stole 7"


@cache
def _hashed_password() -> str:
    """Argon2 is slow on purpose; the whole cast shares one hash."""
    return make_password(PASSWORD)


def make_user(name: str, role: str | None = None, *, team: Team | None = None, **fields: object) -> User:
    """A saved colleague called `name` (their e-mail follows from it), with the role's permissions."""
    email = f"{slugify(name.split(maxsplit=1)[0])}@firma.example"
    user = User.objects.create(
        **{"email": email, "full_name": name, "team": team, "language": "en", "password": _hashed_password(), **fields}
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture(autouse=True)
def first_language():
    """A language that one test, or a page it opened, left active is not that of the next test."""
    yield
    translation.deactivate()


@pytest.fixture
def sales(db: None) -> Team:
    return Team.objects.create(name="Obchod")


@pytest.fixture
def service(db: None) -> Team:
    return Team.objects.create(name="Servis")


@pytest.fixture
def petra(sales: Team) -> User:
    """Staff; owns the contacts of a test."""
    return make_user("Petra Dvořáková", roles.STAFF, team=sales)


@pytest.fixture
def tomas(sales: Team) -> User:
    """Staff in Petra's team."""
    return make_user("Tomas Novotný", roles.STAFF, team=sales)


@pytest.fixture
def cizi(service: Team) -> User:
    """Staff in another team: sees nothing of Petra's unless everybody sees everything."""
    return make_user("Cizi Člověk", roles.STAFF, team=service)


@pytest.fixture
def manager(sales: Team) -> User:
    """Leads Petra's team."""
    return make_user("Manager Vedoucí", roles.MANAGER, team=sales)


@pytest.fixture
def dpo(db: None) -> User:
    return make_user("Dpo Pověřená", roles.DPO)


@pytest.fixture
def admin(db: None) -> User:
    """Holds the role Administrator; not a superuser."""
    return make_user("Admin Správce", roles.ADMINISTRATOR)


@pytest.fixture
def auditor(db: None) -> User:
    """Reads all, changes nothing."""
    return make_user("Auditor Kontrolní", roles.AUDITOR)


@pytest.fixture
def superuser(db: None) -> User:
    return make_user("Root Nejvyšší", is_superuser=True)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """`client_of(petra)` is a browser in which Petra is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def other_outer_key() -> str:
    """A valid FIELD_ENCRYPTION_KEY that this database was not made with."""
    return Fernet.generate_key().decode()

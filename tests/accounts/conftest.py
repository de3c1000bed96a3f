"""What the tests of people and roles share."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from accounts import roles
from accounts.models import User
from tests.conftest import PASSWORD, make_user


@pytest.fixture
def confirmed(client_of):
    """A browser in which somebody is signed in and has just confirmed the password."""

    def open_for(user):
        client = client_of(user)
        client.post("/accounts/confirm/", {"password": PASSWORD, "next": "/"})
        return client

    return open_for


@pytest.fixture
def usher(db) -> User:
    """Manages people and roles, and holds no more of the daily work than Staff: the one who might try to climb."""
    user = make_user("Usher Uvaděčka", roles.STAFF)
    people = Group.objects.create(name="Personnel")
    names = [f"accounts.{verb}_user" for verb in ("view", "add", "change", "delete")]
    names += [f"auth.{verb}_group" for verb in ("view", "add", "change", "delete")]
    people.permissions.set(roles.permissions_named(names).values())
    user.groups.add(people)
    return user

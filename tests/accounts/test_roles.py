"""Roles: one table, given once, then in the hands of the administrators."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles
from accounts.models import RoleDefault, User
from accounts.permission_labels import LABELS, ROOMS
from tools import permissions


def permissions_of(role: str) -> set[str]:
    group = Group.objects.get(name=role)
    return {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}


def test_every_role_exists_with_what_the_table_says(db):
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLE_PERMISSIONS)
    for role, names in roles.ROLE_PERMISSIONS.items():
        assert permissions_of(role) == set(names) - roles.unknown_permissions()


def test_every_permission_of_the_table_exists(db):
    assert roles.unknown_permissions() == set()


def test_a_migrate_never_undoes_what_administrators_chose(db):
    staff, auditor = Group.objects.get(name=roles.STAFF), Group.objects.get(name=roles.AUDITOR)
    staff.permissions.clear()
    staff.permissions.add(Permission.objects.get(codename="delete_team"))
    auditor.delete()
    call_command("migrate", verbosity=0)
    assert permissions_of(roles.STAFF) == {"accounts.delete_team"}
    assert not Group.objects.filter(name=roles.AUDITOR).exists()


def test_a_permission_new_in_the_table_is_given_once(db, monkeypatch):
    longer = {**roles.ROLE_PERMISSIONS, roles.STAFF: (*roles.ROLE_PERMISSIONS[roles.STAFF], "accounts.view_team")}
    monkeypatch.setattr(roles, "ROLE_PERMISSIONS", longer)
    roles.sync_roles()
    assert "accounts.view_team" in permissions_of(roles.STAFF)
    Group.objects.get(name=roles.STAFF).permissions.clear()
    roles.sync_roles()
    assert permissions_of(roles.STAFF) == set()


def test_a_permission_whose_room_comes_later_is_given_when_it_comes(db, monkeypatch):
    named = {**roles.ROLE_PERMISSIONS, roles.STAFF: (*roles.ROLE_PERMISSIONS[roles.STAFF], "accounts.fly")}
    monkeypatch.setattr(roles, "ROLE_PERMISSIONS", named)
    roles.sync_roles()
    assert not RoleDefault.objects.filter(permission="accounts.fly").exists()
    team = Permission.objects.get(codename="view_team")
    Permission.objects.create(codename="fly", name="Can fly", content_type=team.content_type)
    roles.sync_roles()
    assert "accounts.fly" in permissions_of(roles.STAFF)


def test_the_auditor_can_change_nothing():
    acting = [name for name in roles.ROLE_PERMISSIONS[roles.AUDITOR] if ".view_" not in name]
    assert acting == []


def test_administrators_hold_whatever_they_may_hand_out():
    everything = {name for names in roles.ROLE_PERMISSIONS.values() for name in names}
    assert set(roles.ROLE_PERMISSIONS[roles.ADMINISTRATOR]) == everything


@pytest.mark.parametrize(("person", "opens"), [("admin", True), ("auditor", True), ("petra", False), ("dpo", False)])
def test_the_administration_opens_by_permission(request, person, opens):
    assert request.getfixturevalue(person).is_staff is opens


def test_people_are_found_by_what_they_may_do(petra, dpo, superuser, admin):
    assert set(User.objects.holding("accounts.change_user")) == {admin, superuser}
    admin.is_active = False
    admin.save()
    assert set(User.objects.holding("accounts.change_user")) == {superuser}


def test_the_page_of_permissions_agrees_with_the_table():
    assert permissions.TARGET.read_text(encoding="utf-8") == permissions.table(), "run python -m tools.permissions"


def test_every_permission_has_a_name_that_people_understand():
    assert roles.all_permissions() == set(LABELS)
    assert {name.partition(".")[0] for name in LABELS} == set(ROOMS)

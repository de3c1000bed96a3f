"""Whoever manages people cannot raise themselves, anyone above them, or anyone beyond themselves: also by forged POSTs.

Each test sends what a form would not offer, straight to the address, and looks at the database afterwards.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from accounts import administration, authority, roles
from accounts.models import User
from tests.conftest import PASSWORD, make_user


def snapshot() -> list[object]:
    """Everything about people's powers and accounts."""
    people = User.objects.order_by("pk").values_list("pk", "email", "password", "is_active", "is_superuser", "team")
    direct = User.user_permissions.through.objects.order_by("user_id", "permission_id")
    given = User.groups.through.objects.order_by("user_id", "group_id").values_list("user_id", "group_id")
    inside = Group.permissions.through.objects.order_by("group_id", "permission_id")
    return [
        list(people),
        list(given),
        list(inside.values_list("group_id", "permission_id")),
        list(direct.values_list("user_id", "permission_id")),
        list(Group.objects.order_by("pk").values_list("pk", "name")),
    ]


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def account(user: User, **sent: object) -> dict[str, object]:
    """What the form of an account sends."""
    held = list(user.groups.values_list("pk", flat=True))
    return {"full_name": user.full_name, "email": user.email, "language": user.language, "groups": held, **sent}


def change_url(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


FORGED = {
    "is_superuser": "on",
    "is_staff": "on",
    "user_permissions": ["1", "2", "3"],
    "password": "x",
    "password1": "Zelené jablko 77",
    "password2": "Zelené jablko 77",
    "date_joined": "2000-01-01",
}


def test_nobody_changes_their_own_account_here(confirmed, usher, service):
    client, before = confirmed(usher), snapshot()
    everything = [group.pk for group in Group.objects.all()]
    response = client.post(change_url(usher), account(usher, groups=everything, team=service.pk, **FORGED))
    assert response.status_code == 403
    assert snapshot() == before


@pytest.mark.parametrize("path", ["link", "activate", "deactivate"])
def test_nobody_opens_closes_or_links_their_own_account_here(confirmed, usher, path):
    client, before = confirmed(usher), snapshot()
    assert client.post(reverse(f"admin:accounts_user_{path}", args=[usher.pk])).status_code == 403
    assert snapshot() == before


def test_a_role_beyond_oneself_cannot_be_given(confirmed, usher, petra):
    client, before = confirmed(usher), snapshot()
    for name in (roles.ADMINISTRATOR, roles.DPO, roles.MANAGER, roles.AUDITOR):
        response = client.post(change_url(petra), account(petra, groups=[role(name).pk]))
        assert response.status_code == 200
        assert list(response.context["adminform"].form.errors) == ["groups"]
    assert snapshot() == before


def test_a_role_within_ones_own_powers_can_be_given(confirmed, usher):
    newcomer = make_user("Nováček Nový")
    response = confirmed(usher).post(change_url(newcomer), account(newcomer, groups=[role(roles.STAFF).pk]))
    assert response.status_code == 302
    assert list(newcomer.groups.values_list("name", flat=True)) == [roles.STAFF]


def test_forged_fields_beside_an_allowed_change_are_ignored(confirmed, usher, petra):
    client = confirmed(usher)
    assert client.post(change_url(petra), account(petra, full_name="Petra Nová", **FORGED)).status_code == 302
    petra = User.objects.get(pk=petra.pk)
    assert (petra.full_name, petra.is_superuser, petra.user_permissions.count()) == ("Petra Nová", False, 0)
    assert petra.check_password(PASSWORD)


@pytest.mark.parametrize("above", ["admin", "dpo", "manager", "auditor", "superuser"])
@pytest.mark.parametrize("closed", [False, True])
def test_nobody_touches_anyone_above_them(request, confirmed, usher, above, closed):
    # A closed account keeps its rank: it may be opened again.
    target = request.getfixturevalue(above)
    User.objects.filter(pk=target.pk).update(is_active=not closed, last_login=None)
    client, before = confirmed(usher), snapshot()
    mail.outbox.clear()
    answers = [client.post(change_url(target), account(target, email="mine@firma.example", groups=[]))]
    for path in ("link", "activate", "deactivate"):
        answers.append(client.post(reverse(f"admin:accounts_user_{path}", args=[target.pk])))
    answers.append(client.post(reverse("admin:accounts_user_delete", args=[target.pk]), {"post": "yes"}))
    assert [answer.status_code for answer in answers] == [403] * 5
    assert snapshot() == before
    assert mail.outbox == []


def test_a_permission_held_directly_counts_as_rank(confirmed, usher, petra):
    petra.user_permissions.add(Permission.objects.get(codename="manage_installation"))
    client, before = confirmed(usher), snapshot()
    assert client.post(change_url(petra), account(petra, email="mine@firma.example")).status_code == 403
    assert snapshot() == before


def test_an_account_may_not_be_opened_with_more_than_one_holds(confirmed, usher, service):
    client, before = confirmed(usher), snapshot()
    form = {"email": "puppet@firma.example", "full_name": "Loutka", "language": "cs", **FORGED}
    for name in (roles.ADMINISTRATOR, roles.DPO):
        assert client.post(reverse("admin:accounts_user_add"), {**form, "groups": [role(name).pk]}).status_code == 200
    # A team opens contacts: only one's own may be given without the right to change teams.
    assert client.post(reverse("admin:accounts_user_add"), {**form, "team": service.pk}).status_code == 200
    assert snapshot() == before
    assert client.post(reverse("admin:accounts_user_add"), form).status_code == 302
    puppet = User.objects.get(email="puppet@firma.example")
    assert (puppet.is_superuser, puppet.user_permissions.count(), puppet.has_usable_password()) == (False, 0, False)


def test_administrators_who_are_no_superusers_make_none(confirmed, admin, petra):
    confirmed(admin).post(change_url(petra), account(petra, is_superuser="on"))
    assert not User.objects.get(pk=petra.pk).is_superuser


def test_nobody_sets_anothers_password(confirmed, admin, superuser, petra):
    for person in (admin, superuser):
        client = confirmed(person)
        assert client.get(f"/admin/accounts/user/{petra.pk}/password/").status_code in (302, 404)
        client.post(f"/admin/accounts/user/{petra.pk}/password/", FORGED)
        client.post(change_url(petra), account(petra, **FORGED))
        with pytest.raises(PermissionDenied):
            administration.change_user(actor=person, user=petra, values={"password": "x"})
    assert User.objects.get(pk=petra.pk).check_password(PASSWORD)


def role_url(group: Group) -> str:
    return reverse("admin:accounts_role_change", args=[group.pk])


def test_a_role_of_ones_own_cannot_be_changed(confirmed, usher):
    client, before = confirmed(usher), snapshot()
    for group in usher.groups.all():
        sent = {"name": group.name, "allowed": ["accounts.manage_installation"]}
        assert client.post(role_url(group), sent).status_code == 403
    assert snapshot() == before


def test_a_role_beyond_oneself_cannot_be_changed_or_removed(confirmed, usher):
    client, before = confirmed(usher), snapshot()
    for name in (roles.ADMINISTRATOR, roles.DPO, roles.MANAGER, roles.AUDITOR):
        assert client.post(role_url(role(name)), {"allowed": []}).status_code == 403
        url = reverse("admin:accounts_role_delete", args=[role(name).pk])
        assert client.post(url, {"post": "yes"}).status_code == 403
    assert snapshot() == before


def test_a_permission_that_one_lacks_cannot_be_put_into_a_role(confirmed, usher):
    small = Group.objects.create(name="Brigáda")
    client, before = confirmed(usher), snapshot()
    for name in ("accounts.manage_installation", "audit.view_auditevent", "auth.nonsense", "admin.view_logentry"):
        response = client.post(role_url(small), {"name": small.name, "allowed": [name]})
        assert (response.status_code, list(response.context["adminform"].form.errors)) == (200, ["allowed"])
        response = client.post(reverse("admin:accounts_role_add"), {"name": "Nová", "allowed": [name]})
        assert response.status_code == 200
    assert snapshot() == before


def test_djangos_own_field_of_permissions_is_not_listened_to(confirmed, usher):
    small = Group.objects.create(name="Brigáda")
    everything = list(Permission.objects.values_list("pk", flat=True))
    confirmed(usher).post(role_url(small), {"name": small.name, "allowed": [], "permissions": everything})
    assert small.permissions.count() == 0


def test_a_role_that_somebody_above_holds_cannot_be_emptied(confirmed, usher, dpo):
    small = Group.objects.create(name="Brigáda")
    small.permissions.set(roles.permissions_named(["tasks.view_task"]).values())
    dpo.groups.add(small)
    client, before = confirmed(usher), snapshot()
    assert client.post(role_url(small), {"name": small.name, "allowed": []}).status_code == 403
    assert snapshot() == before


def test_the_roles_of_the_system_keep_their_names(confirmed, superuser):
    confirmed(superuser).post(role_url(role(roles.STAFF)), {"name": "Sales", "allowed": []})
    assert Group.objects.filter(name=roles.STAFF).exists()
    with pytest.raises(PermissionDenied):
        administration.delete_role(actor=superuser, group=role(roles.STAFF))


def test_every_service_refuses_by_itself(usher, admin, petra):
    attempts = [
        lambda: administration.change_user(actor=usher, user=usher, values={"full_name": "x"}),
        lambda: administration.change_user(actor=usher, user=admin, values={"full_name": "x"}),
        lambda: administration.change_user(actor=usher, user=petra, values={"is_superuser": True}),
        lambda: administration.change_user(actor=usher, user=petra, values={}, groups=[role(roles.DPO)]),
        lambda: administration.change_user(actor=usher, user=petra, values={"last_login": None}),
        lambda: administration.invite_user(actor=usher, values={"email": "a@b.example"}, groups=[role(roles.DPO)]),
        lambda: administration.invite_user(actor=usher, values={"email": "a@b.example", "is_superuser": True}),
        lambda: administration.invite_user(actor=petra, values={"email": "a@b.example"}),
        lambda: administration.send_link(actor=usher, user=admin),
        lambda: administration.deactivate_user(actor=usher, user=admin),
        lambda: administration.activate_user(actor=usher, user=admin),
        lambda: administration.delete_user(actor=usher, user=admin),
        lambda: administration.change_role(actor=usher, group=role(roles.STAFF), permissions=[]),
        lambda: administration.create_role(actor=usher, name="x", permissions=["accounts.manage_installation"]),
        lambda: administration.change_installation(actor=usher, values={"four_eyes": False}),
    ]
    before = snapshot()
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()
    assert snapshot() == before


def test_a_closed_account_covers_nothing(superuser):
    superuser.is_active = False
    assert not authority.covers(superuser, [])
    assert not authority.covers_user(superuser, make_user("Kdosi Jiný"))


# --- Somebody always remains in charge ---------------------------------------------------------------------------


def test_the_last_superuser_cannot_be_demoted_or_closed(superuser):
    second = make_user("Druhá Nejvyšší", is_superuser=True)
    administration.deactivate_user(actor=superuser, user=second)
    for attempt in (
        lambda: administration.change_user(actor=second, user=superuser, values={"is_superuser": False}),
        lambda: administration.change_user(actor=superuser, user=superuser, values={"is_superuser": False}),
        lambda: administration.deactivate_user(actor=superuser, user=superuser),
        lambda: administration.delete_user(actor=superuser, user=superuser),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert User.objects.get(pk=superuser.pk).is_active


def test_the_last_administrator_by_role_cannot_be_removed(admin):
    second = make_user("Druhá Správkyně", roles.ADMINISTRATOR)
    administration.deactivate_user(actor=second, user=admin)
    # Only a stranger with the same powers could do it now; the rule holds for whoever tries.
    with pytest.raises(ValidationError), administration._an_administrator_remains():
        User.objects.filter(pk=second.pk).update(is_active=False)
    assert User.objects.get(pk=second.pk).is_active


def test_the_role_of_administrators_cannot_be_emptied_under_their_feet(confirmed, superuser, admin):
    # The superuser may change the role: they remain in charge themselves.
    administration.change_role(actor=superuser, group=role(roles.ADMINISTRATOR), permissions=[])
    assert not User.objects.get(pk=admin.pk).has_perm("accounts.change_user")
    assert User.objects.get(pk=superuser.pk).has_perm("accounts.change_user")


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_two_superusers_cannot_close_each_other_at_once(superuser):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    other = make_user("Druhá Nejvyšší", is_superuser=True)
    start = Barrier(2)

    def close(actor: User, user: User) -> str:
        start.wait()
        try:
            administration.deactivate_user(actor=actor, user=user)
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(close, superuser, other), pool.submit(close, other, superuser)]
        assert sorted(answer.result() for answer in answers) == ["closed", "refused"]
    assert User.objects.active().filter(is_superuser=True).count() == 1

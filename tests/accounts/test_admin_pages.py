"""The pages of the administration open for those who may see them, and change nothing for those who may not."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts import roles
from accounts.models import Role, Team
from tests.conftest import make_user


def pages(petra) -> list[str]:
    role = Role.objects.get(name=roles.STAFF)
    return [
        reverse("admin:index"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[petra.pk]),
        reverse("admin:accounts_role_changelist"),
        reverse("admin:accounts_role_change", args=[role.pk]),
        reverse("admin:accounts_team_changelist"),
        reverse("admin:accounts_team_change", args=[petra.team_id]),
        reverse("admin:accounts_installation_change", args=[1]),
    ]


WRITING = ["admin:accounts_user_add", "admin:accounts_role_add", "admin:accounts_team_add"]


@pytest.mark.parametrize("person", ["admin", "superuser"])
def test_every_page_opens_for_administrators(request, confirmed, petra, person):
    client = confirmed(request.getfixturevalue(person))
    for url in [*pages(petra), *map(reverse, WRITING)]:
        assert client.get(url).status_code == 200, url


def test_the_auditor_reads_everything_without_any_confirmation(client_of, auditor, petra):
    client = client_of(auditor)
    for url in pages(petra):
        assert client.get(url).status_code == 200, url
    for name in WRITING:
        assert client.get(reverse(name)).status_code == 403, name


@pytest.mark.parametrize("person", ["petra", "manager", "dpo"])
def test_others_do_not_get_in(request, client_of, petra, person):
    client = client_of(request.getfixturevalue(person))
    for url in [*pages(petra), *map(reverse, WRITING)]:
        assert client.get(url, follow=True).status_code == 403, url


def test_strangers_are_shown_our_own_door(client, db):
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=/admin/"


def test_changing_pages_ask_for_the_password_first(client_of, admin, petra):
    client = client_of(admin)
    for url in (reverse("admin:accounts_user_change", args=[petra.pk]), reverse("admin:accounts_user_add")):
        assert client.get(url)["Location"].startswith("/accounts/confirm/")
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_djangos_own_log_of_names_stays_empty(confirmed, admin):
    client = confirmed(admin)
    client.post(reverse("admin:accounts_team_add"), {"name": "Nový tým"})
    team = Team.objects.get()
    client.post(reverse("admin:accounts_team_change", args=[team.pk]), {"name": "Jiný tým"})
    client.post(reverse("admin:accounts_team_delete", args=[team.pk]), {"post": "yes"})
    assert not Team.objects.exists()
    assert not LogEntry.objects.exists()


def test_lists_cost_the_same_for_many_as_for_few(
    confirmed, admin, petra, django_assert_num_queries, django_assert_max_num_queries
):
    client = confirmed(admin)
    url = reverse("admin:accounts_user_changelist")
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for number in range(20):
        make_user(f"kolega{number} Novák", roles.STAFF, team=petra.team)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(url)

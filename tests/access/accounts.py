"""Who may open the pages of accounts and of the administration."""

from __future__ import annotations

from types import SimpleNamespace

from django.contrib.contenttypes.models import ContentType

from accounts import roles
from accounts.models import Role, User
from tests.access import Row, row
from tests.conftest import PASSWORD, make_user

IDS = {"uidb64": "eA", "token": "x"}
PETRA = {"object_id": lambda w: w.staff.pk}
TYPE = {"content_type_id": lambda w: w.user_type}
ACCOUNT = {"pk": lambda w: w.staff.pk}
ROLE = {"object_id": lambda w: w.role.pk}
TEAM = {"object_id": lambda w: w.team.pk}


def prepare(world: SimpleNamespace) -> None:
    world.role = Role.objects.get(name=roles.MANAGER)
    world.team = world.staff.team
    world.newcomer = make_user("Nováček Nepoužitý", roles.STAFF)
    world.user_type = ContentType.objects.get_for_model(User).pk


def read_only(name: str, kwargs: dict | None = None) -> Row:
    """A page of the administration that the auditor may read; others do not get in."""
    return row(name, kwargs, everyone=302, admin=200, auditor=200)


def writing(name: str, kwargs: dict | None = None, *, done: int = 200, **more: object) -> Row:
    """A page of the administration that only those who manage people may use."""
    return row(name, kwargs, everyone=302, admin=done, auditor=403, **more)


ROWS = [
    row("accounts:login", everyone=302, stranger=200),
    row("accounts:logout", everyone=405, stranger=302),
    row("accounts:logout", method="post", everyone=302),
    row("accounts:confirm"),
    row("accounts:confirm", method="post", data={"password": PASSWORD}, everyone=302),
    row("accounts:profile"),
    row("accounts:password"),
    row("accounts:preferences", everyone=405, stranger=405),
    row("accounts:preferences", method="post", data={"language": "en"}, everyone=302, stranger=302),
    row("accounts:request_link", stranger=200),
    row("accounts:link_sent", stranger=200),
    row("accounts:reset", IDS, everyone=410, stranger=410),
    row("accounts:invitation", IDS, everyone=410, stranger=410),
    row("accounts:installation", everyone=403, admin=302, auditor=302),
    # Those who may not enter the administration are led to its door, which says 403.
    read_only("admin:index"),
    row("admin:login", everyone=403, stranger=302, admin=302, auditor=302),
    row("admin:logout", everyone=302, admin=405, auditor=405),
    row("admin:password_change", everyone=302),
    row("admin:password_change_done", everyone=302, admin=200, auditor=200),
    row("admin:app_list", {"app_label": "accounts"}, everyone=302),
    row("admin:autocomplete", everyone=302, admin=403, auditor=403),
    row("admin:jsi18n", everyone=302, admin=200, auditor=200),
    row(
        "admin:view_on_site",
        {"content_type_id": lambda w: w.user_type, "object_id": lambda w: w.staff.pk},
        everyone=302,
        admin=404,
        auditor=404,
    ),
    read_only("admin:accounts_user_changelist"),
    read_only("admin:accounts_user_change", PETRA),
    writing("admin:accounts_user_add"),
    writing("admin:accounts_user_delete", {"object_id": lambda w: w.newcomer.pk}),
    row("admin:accounts_user_delete", PETRA, everyone=302, admin=200, auditor=403),
    row("admin:accounts_user_history", PETRA, everyone=302, admin=404, auditor=404),
    row("admin:accounts_user_link", ACCOUNT, everyone=302, admin=405, auditor=405),
    writing("admin:accounts_user_link", ACCOUNT, method="post", done=302),
    writing("admin:accounts_user_activate", ACCOUNT, method="post", done=302),
    writing("admin:accounts_user_deactivate", ACCOUNT),
    writing("admin:accounts_user_deactivate", ACCOUNT, method="post", done=302),
    read_only("admin:accounts_role_changelist"),
    read_only("admin:accounts_role_change", ROLE),
    writing("admin:accounts_role_add"),
    row("admin:accounts_role_delete", ROLE, everyone=302, admin=403, auditor=403),
    row("admin:accounts_role_history", ROLE, everyone=302, admin=404, auditor=404),
    read_only("admin:accounts_team_changelist"),
    read_only("admin:accounts_team_change", TEAM),
    writing("admin:accounts_team_add"),
    writing("admin:accounts_team_delete", TEAM),
    row("admin:accounts_team_history", TEAM, everyone=302, admin=404, auditor=404),
    row("admin:accounts_installation_changelist", everyone=302),
    read_only("admin:accounts_installation_change", {"object_id": 1}),
    row("admin:accounts_installation_add", everyone=302, admin=403, auditor=403),
    row("admin:accounts_installation_delete", {"object_id": 1}, everyone=302, admin=403, auditor=403),
    row("admin:accounts_installation_history", {"object_id": 1}, everyone=302, admin=404, auditor=404),
]

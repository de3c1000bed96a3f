"""The roles and what each may do: one table, from which the groups, the tests and docs/permissions.md are made.

A role is a Django group. This table says only what a role is *given the first time*; afterwards administrators may
change it, and no later migrate undoes what they chose. Code asks for permissions, never for a role's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from accounts.models import RoleDefault

ADMINISTRATOR = gettext_noop("Administrator")
DPO = gettext_noop("Data protection officer")
MANAGER = gettext_noop("Manager")
STAFF = gettext_noop("Staff")
AUDITOR = gettext_noop("Auditor")

# Reading, without which nothing else makes sense.
_READ = (
    "contacts.view_contact",
    "consents.view_purpose",
    "consents.view_consent",
    "tasks.view_task",
    "gdpr_requests.view_datasubjectrequest",
)
# The daily work. Staff erase too: the watch hands the owner of a card a task whose two answers are "Renewed" and
# "Delete", and both must work. What they may erase is bounded by what they may write.
_DAILY = (
    *_READ,
    "contacts.add_contact",
    "contacts.change_contact",
    "contacts.export_contact",
    "consents.record_consent",
    "tasks.add_task",
    "tasks.change_task",
    "gdpr_requests.erase_contact",
    "gdpr_requests.handle_request",
)
_LEAD = (
    *_DAILY,
    "gdpr_requests.view_consentproof",
    "contacts.import_contact",
    "contacts.merge_contact",
    "outreach.export_mailinglist",
    "tasks.assign_task",
)
_PRIVACY = (
    *_DAILY,
    "gdpr_requests.view_consentproof",
    "gdpr_requests.view_inspectionpack",
    "contacts.view_all_contacts",
    "contacts.delete_contact",
    "contacts.merge_contact",
    "consents.manage_purpose",
    "consents.weigh_objection",
    "consents.manage_suppression",
    "contacts.restrict_contact",
    "tasks.assign_task",
    "gdpr_requests.decide_request",
    "gdpr_requests.manage_lettertemplate",
    "audit.view_auditevent",
    "gdpr_requests.view_breach",
    "gdpr_requests.manage_breach",
    "gdpr_requests.erase_in_bulk",
    "gdpr_requests.manage_hold",
)
_PEOPLE = (
    "accounts.view_user",
    "accounts.view_team",
    "accounts.view_installation",
    "auth.view_group",
)

ROLE_PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    # Whoever hands out roles must hold what the roles contain (see accounts.authority), and could give them to an
    # account of their own making anyway. So this role holds everything and says so, instead of pretending less.
    ADMINISTRATOR: tuple(
        dict.fromkeys(
            (
                *_LEAD,
                *_PRIVACY,
                *_PEOPLE,
                "accounts.add_user",
                "accounts.change_user",
                "accounts.delete_user",
                "accounts.add_team",
                "accounts.change_team",
                "accounts.delete_team",
                "auth.add_group",
                "auth.change_group",
                "auth.delete_group",
                "accounts.manage_installation",
            )
        )
    ),
    DPO: _PRIVACY,
    MANAGER: _LEAD,
    STAFF: _DAILY,
    AUDITOR: (
        *_READ,
        *_PEOPLE,
        "contacts.view_all_contacts",
        "audit.view_auditevent",
        "gdpr_requests.view_breach",
        "gdpr_requests.view_consentproof",
        "gdpr_requests.view_inspectionpack",
    ),
}


def all_permissions() -> set[str]:
    """Everything that code asks for: the union of the table."""
    return {name for names in ROLE_PERMISSIONS.values() for name in names}


def role_label(name: str) -> str:
    """A role's name in the reader's language; a role that administrators made keeps the name they gave it."""
    return gettext(name) if name in ROLE_PERMISSIONS else name


def permissions_named(names: Iterable[str]) -> dict[str, Permission]:
    """The stored permissions among `app.codename` names; one whose room is not installed yet is left out."""
    wanted = set(names)
    found = Permission.objects.filter(codename__in={name.partition(".")[2] for name in wanted})
    by_name = {f"{p.content_type.app_label}.{p.codename}": p for p in found.select_related("content_type")}
    return {name: by_name[name] for name in sorted(wanted & by_name.keys())}


def unknown_permissions() -> set[str]:
    """Names in the table that no installed model declares: a slip of the pen, or a room that is still missing."""
    return all_permissions() - permissions_named(all_permissions()).keys()


@transaction.atomic
def sync_roles() -> None:
    """Give each role what the table adds to it, once: what was given before is never given again."""
    known = permissions_named(all_permissions())
    given = set(RoleDefault.objects.values_list("role", "permission"))
    for role, names in ROLE_PERMISSIONS.items():
        # The empty permission notes that the role itself was made: one removed on purpose stays removed.
        if (role, "") not in given:
            Group.objects.get_or_create(name=role)
        fresh = [name for name in ("", *names) if (role, name) not in given and (name in known or not name)]
        for group in Group.objects.filter(name=role):
            group.permissions.add(*(known[name] for name in fresh if name))
        RoleDefault.objects.bulk_create(
            [RoleDefault(role=role, permission=name) for name in fresh], ignore_conflicts=True
        )


def sync_after_last_app(sender: AppConfig, **kwargs: Any) -> None:
    """Run once per migrate, when the permissions of every room stand."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.name == last.name:
        sync_roles()

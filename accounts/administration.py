"""What those who manage people, roles and the installation do. Every service checks accounts/authority.py itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts import authority, roles
from accounts.authority import demand
from accounts.links import LinkKind
from accounts.models import Installation, Team, User
from accounts.services import queue_link, queue_notice_to_old_address
from accounts.sessions import end_sessions
from audit.services import record
from privacy.queue import enqueue

# What may be set on somebody's account. A password is not among it.
_SETTABLE = frozenset({"email", "full_name", "team", "language", "is_superuser"})
# How the work of someone who leaves goes to a colleague: called with `leaver`, `heir` (or None) and `actor`, each
# answers how many things moved. Filled by the composition root, crm/apps.py, since those rooms stand above this one.
Handover = Callable[..., int]
HANDOVERS: dict[str, Handover] = {}


@contextmanager
def _an_administrator_remains() -> Iterator[None]:
    """Whatever is done inside, somebody who manages people and roles is there afterwards; else nothing was done."""
    with transaction.atomic():
        authority.lock_administrators()
        before = User.objects.active().filter(is_superuser=True).count()
        yield
        authority.demand_an_administrator(superusers_before=before)


@transaction.atomic
def invite_user(*, actor: User, values: Mapping[str, Any], groups: Collection[Group] = ()) -> User:
    """Open an account and send its owner the invitation. Raises PermissionDenied for a role beyond the actor."""
    demand(actor.has_perm("accounts.add_user"))
    demand(all(authority.may_grant(actor, group) for group in groups))
    _demand_settable(actor, User(), values)
    user = User.objects.create_user(**values)
    user.groups.set(groups)
    record("user.invited", actor=actor, target=user, detail={f"role.{n}": g.pk for n, g in enumerate(groups)})
    queue_link(user, LinkKind.INVITATION)
    return user


def change_user(*, actor: User, user: User, values: Mapping[str, Any], groups: Collection[Group] | None = None) -> None:
    """Change somebody's account. Raises PermissionDenied, or ValidationError where nobody would remain in charge.

    A superuser may correct their own name and e-mail here; nobody else changes themselves.
    """
    own = actor.is_superuser and actor.pk == user.pk
    demand(own or authority.may_manage(actor, user))
    demand(values.keys() <= _SETTABLE)
    changed = {name: value for name, value in values.items() if getattr(user, name) != value}
    _demand_settable(actor, user, changed)
    demand(not (own and "is_superuser" in changed))
    old_address = user.email
    with _an_administrator_remains():
        for name, value in changed.items():
            setattr(user, name, value)
        user.save(update_fields=list(changed))
        roles_changed = groups is not None and _set_roles(actor, user, groups, own=own)
        fields = [*changed, *(["groups"] if roles_changed else [])]
        if fields:
            record("user.changed", actor=actor, target=user, fields=fields)
        if "email" in changed:
            end_sessions(user)
            queue_notice_to_old_address(old_address, user.language)


def _demand_settable(actor: User, user: User, values: Mapping[str, Any]) -> None:
    demand(values.keys() <= _SETTABLE)
    demand(actor.is_superuser or not values.get("is_superuser"))
    team = values.get("team")
    demand(team is None or authority.teams_open_to(actor, user).filter(pk=team.pk).exists())


def _set_roles(actor: User, user: User, groups: Collection[Group], *, own: bool) -> bool:
    before, after = set(user.groups.all()), set(groups)
    demand(not (own and before != after))
    demand(all(authority.may_grant(actor, group) for group in before ^ after))
    user.groups.set(after)
    for action, moved in (("user.role_given", after - before), ("user.role_taken", before - after)):
        for group in sorted(moved, key=lambda group: group.pk):
            record(action, actor=actor, target=user, detail={"role": group.pk})
    return before != after


def deactivate_user(*, actor: User, user: User, heir: User | None = None) -> int:
    """Close an account at once, everywhere, and hand over what its owner looks after. Answers how many things moved.

    Without an `heir` contacts have no owner and open tasks go to whoever answers for privacy: nothing may wait for
    somebody who never comes. Raises PermissionDenied, or ValidationError for the last administrator.
    """
    demand(authority.may_manage(actor, user) and user.is_active)
    demand(heir is None or (heir.is_active and heir.pk != user.pk))
    with _an_administrator_remains():
        user.is_active, user.deactivated_at = False, timezone.now()
        user.save(update_fields=["is_active", "deactivated_at"])
        end_sessions(user)
        moved = hand_over(actor=actor, leaver=user, heir=heir)
        record("user.deactivated", actor=actor, target=user)
    return moved


@transaction.atomic
def hand_over(*, actor: User, leaver: User, heir: User | None) -> int:
    """Give everything that the leaver looks after to a colleague, or set it free; answers how many things moved."""
    moved = sum(handover(leaver=leaver, heir=heir, actor=actor) for handover in HANDOVERS.values())
    detail: dict[str, int | str | UUID] = {"moved": moved, **({"to": heir.pk} if heir else {})}
    record("user.handed_over", actor=actor, target=leaver, detail=detail)
    return moved


@transaction.atomic
def activate_user(*, actor: User, user: User) -> None:
    """Open a closed account again, unless its name is gone already."""
    demand(authority.may_manage(actor, user) and not user.is_forgotten)
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])
    record("user.activated", actor=actor, target=user)


@transaction.atomic
def send_link(*, actor: User, user: User) -> LinkKind:
    """Send somebody the link by which they set their own password; administrators never set it for them."""
    demand(authority.may_manage(actor, user) and user.is_active)
    kind = LinkKind.RESET if user.has_usable_password() else LinkKind.INVITATION
    record("user.link_sent", actor=actor, target=user, detail={"kind": str(kind)})
    queue_link(user, kind)
    return kind


def delete_user(*, actor: User, user: User) -> None:
    """Remove an account that was never used; any other is deactivated, since the record refers to it."""
    demand(actor.has_perm("accounts.delete_user") and authority.may_manage(actor, user) and is_unused(user))
    with _an_administrator_remains():
        record("user.deleted", actor=actor, target=user)
        user.delete()


def is_unused(user: User) -> bool:
    """Whether the account's owner never came."""
    return user.last_login is None


def change_role(*, actor: User, group: Group, permissions: Iterable[str]) -> None:
    """Set which of the permissions in the table (see roles.py) a role contains. Others that it holds stay untouched."""
    wanted = set(permissions)
    offered = roles.permissions_named(roles.all_permissions())
    demand(authority.may_change_role(actor, group) and authority.covers(actor, wanted) and wanted <= offered.keys())
    with _an_administrator_remains():
        before = authority.permissions_in(group) & offered.keys()
        group.permissions.add(*(offered[name] for name in wanted - before))
        group.permissions.remove(*(offered[name] for name in before - wanted))
        if before != wanted:
            moved = {name: int(name in wanted) for name in sorted(before ^ wanted)}
            record("role.changed", actor=actor, target=group, detail=moved)


@transaction.atomic
def create_role(*, actor: User, name: str, permissions: Iterable[str]) -> Group:
    """Make a role of the installation's own."""
    wanted = set(permissions)
    offered = roles.permissions_named(roles.all_permissions())
    demand(actor.has_perm("auth.add_group") and authority.covers(actor, wanted) and wanted <= offered.keys())
    group = Group.objects.create(name=name)
    group.permissions.set(offered[name] for name in wanted)
    record("role.created", actor=actor, target=group, detail=dict.fromkeys(sorted(wanted), 1))
    return group


@transaction.atomic
def rename_role(*, actor: User, group: Group, name: str) -> None:
    """Rename a role of the installation's own; those of the table keep the names they are known by."""
    demand(authority.may_change_role(actor, group) and group.name not in roles.ROLE_PERMISSIONS)
    group.name = name
    group.save(update_fields=["name"])
    record("role.renamed", actor=actor, target=group)


def delete_role(*, actor: User, group: Group) -> None:
    """Remove a role of the installation's own that nobody has."""
    demand(actor.has_perm("auth.delete_group") and is_removable(actor, group))
    with transaction.atomic():
        record("role.deleted", actor=actor, target=group)
        group.delete()


def is_removable(actor: User, group: Group) -> bool:
    own = group.name not in roles.ROLE_PERMISSIONS
    return own and authority.may_change_role(actor, group) and not group.user_set.exists()


@transaction.atomic
def save_team(*, actor: User, team: Team) -> None:
    """Make or rename a team."""
    new = team._state.adding
    demand(actor.has_perm("accounts.add_team" if new else "accounts.change_team"))
    team.save()
    record("team.created" if new else "team.changed", actor=actor, target=team)


@transaction.atomic
def delete_team(*, actor: User, team: Team) -> None:
    """Remove a team; its people stay, without one."""
    demand(actor.has_perm("accounts.delete_team"))
    record("team.deleted", actor=actor, target=team)
    team.delete()


@transaction.atomic
def change_installation(*, actor: User, values: Mapping[str, Any]) -> Installation:
    """Change the settings of the installation."""
    demand(actor.has_perm("accounts.manage_installation"))
    current = Installation.current()
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, values[name])
    current.save()
    if changed:
        record("installation.changed", actor=actor, target=current, fields=changed)
        # The published information (Art. 13, 14) names the company.
        enqueue("gdpr_requests.keep_notice")
    return current

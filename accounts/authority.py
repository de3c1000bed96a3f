"""Who may do what to whom. Managing people never lets anyone climb.

The one idea: a person *covers* another, a role or a permission when they hold everything in it themselves. Whoever
manages people may touch only whom they cover, hand out only what they cover, and never themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounts.models import Team, User


def _names(permissions: Iterable[Permission]) -> set[str]:
    return {f"{p.content_type.app_label}.{p.codename}" for p in permissions}


def permissions_of(user: User) -> set[str]:
    """What the person holds by roles or directly, also while their account is closed: it may be opened again."""
    held = Q(group__user=user) | Q(user=user)
    return _names(Permission.objects.filter(held).select_related("content_type"))


def permissions_in(group: Group) -> set[str]:
    return _names(group.permissions.select_related("content_type"))


def covers(actor: User, names: Iterable[str]) -> bool:
    """Whether the actor, whose account is open, holds all of these permissions."""
    if not actor.is_active:
        return False
    return actor.is_superuser or set(names) <= permissions_of(actor)


def covers_user(actor: User, other: User) -> bool:
    """Whether nothing that the other holds is beyond the actor."""
    if not actor.is_active:
        return False
    return actor.is_superuser or (not other.is_superuser and covers(actor, permissions_of(other)))


def may_manage(actor: User, other: User) -> bool:
    """Whether the actor may change, close, open or delete the other's account, or send its owner a link."""
    return actor.pk != other.pk and actor.has_perm("accounts.change_user") and covers_user(actor, other)


def may_grant(actor: User, group: Group) -> bool:
    """Whether the actor may give the role to somebody, or take it away."""
    return covers(actor, permissions_in(group))


def teams_open_to(actor: User, user: User) -> QuerySet[Team]:
    """Teams that the actor may put the user into. A team opens contacts: without the right to change teams, one can
    give only one's own, or leave things as they are."""
    if actor.has_perm("accounts.change_team"):
        return Team.objects.all()
    return Team.objects.filter(pk__in=[pk for pk in (actor.team_id, user.team_id) if pk])


def may_change_role(actor: User, group: Group) -> bool:
    """Whether the actor may change what the role contains: never a role of their own, nor one beyond them."""
    if actor.is_superuser:
        return actor.is_active
    is_member = group.user_set.filter(pk=actor.pk).exists()
    members_covered = all(covers_user(actor, member) for member in group.user_set.all())
    return actor.has_perm("auth.change_group") and not is_member and may_grant(actor, group) and members_covered


def demand(allowed: bool) -> None:
    """Raise PermissionDenied unless it is allowed."""
    if not allowed:
        raise PermissionDenied


def lock_administrators() -> None:
    """Make changes to administrators wait for one another, so that two cannot remove each other at once."""
    list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk").values_list("pk"))
    list(Group.objects.select_for_update().order_by("pk").values_list("pk"))


def demand_an_administrator(*, superusers_before: int) -> None:
    """Raise ValidationError when the change at hand leaves nobody who could manage people and roles."""
    superusers = User.objects.active().filter(is_superuser=True).count()
    managing = User.objects.holding("accounts.change_user") & User.objects.holding("auth.change_group")
    if (superusers_before and not superusers) or not managing.exists():
        raise ValidationError(gettext("Somebody must remain who can manage people and roles."), code="last")

"""Whom a task goes to when the contact has no owner."""

from __future__ import annotations

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, UUIDField, Value, When

from accounts.models import User


def holding(permission: str) -> QuerySet[User]:
    """Active colleagues who hold the permission ("app.codename") by a role, by themselves, or as superusers."""
    app, _, codename = permission.partition(".")
    named = {"content_type__app_label": app, "codename": codename}
    own = User.user_permissions.through.objects.filter(user_id=OuterRef("pk"))
    by_role = User.groups.through.objects.filter(user_id=OuterRef("pk"))
    return User.objects.filter(is_active=True).filter(
        Q(is_superuser=True)
        | Exists(own.filter(**{f"permission__{key}": value for key, value in named.items()}))
        | Exists(by_role.filter(**{f"group__permissions__{key}": value for key, value in named.items()}))
    )


def privacy_officer() -> User | None:
    """The colleague who answers for purposes: the data protection officer, or an administrator where there is none.

    Told by permission, never by the name of a role: among those who may manage purposes, one who manages no users.
    """
    may = holding("consents.manage_purpose").order_by("date_joined", "pk")
    return may.exclude(pk__in=holding("accounts.change_user").values("pk")).first() or may.first()


def colleague_for(*owners: str) -> Case:
    """Whom a task goes to, as SQL: the first of these who still works here, else the privacy officer."""
    officer = privacy_officer()
    return Case(
        *(When(**{f"{owner}__is_active": True}, then=F(owner)) for owner in owners),
        default=Value(officer.pk if officer else None, output_field=UUIDField()),
        output_field=UUIDField(),
    )

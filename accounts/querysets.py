"""Reads about people, in the words of the domain."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet


class UserQuerySet(QuerySet[Any]):
    def active(self) -> UserQuerySet:
        """People who may sign in."""
        return self.filter(is_active=True)

    def holding(self, permission: str) -> UserQuerySet:
        """Active people who hold `app.codename` by a role, directly, or as superusers."""
        app_label, _, codename = permission.partition(".")
        wanted = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
        by_role = Q(groups__permissions__in=wanted) | Q(user_permissions__in=wanted)
        return self.active().filter(
            Q(is_superuser=True) | Q(pk__in=self.model._base_manager.filter(by_role).values("pk"))
        )

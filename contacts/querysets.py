"""Reads of contacts. Every one starts from `visible_to(user)`: who may not see a card does not learn of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.models import Installation
from contacts import index
from privacy.sealed import SealedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from contacts.models import Contact  # noqa: F401


class ContactQuerySet(SealedQuerySet["Contact"]):
    """Chainable questions about contacts, in the words of the domain."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The contacts that the user may see: none without the permission, else as the installation says."""
        if not user.is_authenticated or not user.has_perm("contacts.view_contact"):
            return self.none()
        if user.has_perm("contacts.view_all_contacts"):
            return self
        visibility = Installation.current().visibility
        if visibility == Installation.Visibility.ALL:
            return self
        mine = Q(owner_id=user.pk)
        if visibility == Installation.Visibility.TEAM and user.team_id:
            mine |= Q(owner__team_id=user.team_id)
        return self.filter(mine)

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows these contacts: then what hangs on them needs no narrowing either."""
        return not self.query.where and not self.query.is_sliced

    def matching(self, query: str, *, restricted: bool = False) -> Self:
        """Contacts that the blind index finds for what was typed: prefixes of names, a whole e-mail, phone or number.

        An empty query matches everything; one with nothing to look for (only punctuation) matches nothing. Of a
        restricted card only exact hashes are left, and they are for the officer alone: `restricted` asks for it too.
        """
        if not query.strip():
            return self
        found = self if restricted else self.unrestricted()
        digests = index.digests_of_query(query)
        words = index.tokens_of_query(query)
        if not digests and not words:
            return self.none()
        exact = Q(pk__in=self._holders_of(digests)) if digests else Q()
        by_name = Q()
        for token in words:
            by_name &= Q(pk__in=self._holders_of_token(token))
        if words and digests:
            return found.filter(exact | by_name)
        return found.filter(exact if digests else by_name)

    def holding(self, digests: list[uuid.UUID]) -> Self:
        """Contacts that hold one of these exact addresses."""
        return self.filter(pk__in=self._holders_of(digests))

    def _holders_of(self, digests: Iterable[uuid.UUID]) -> QuerySet[Any, Any]:
        tokens = apps.get_model("contacts", "AddressToken")
        return tokens._default_manager.filter(digest__in=list(digests)).values("contact_id")

    def _holders_of_token(self, token: int) -> QuerySet[Any, Any]:
        tokens = apps.get_model("contacts", "NameToken")
        return tokens._default_manager.filter(token=token).values("contact_id")

    def unrestricted(self) -> Self:
        return self.filter(restricted_at__isnull=True)

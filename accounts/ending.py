"""The end of a former colleague's data: some time after the account closed, the name and the e-mail go."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import FORGOTTEN_DOMAIN, User
from audit.services import record


def forget_former_colleagues() -> int:
    """Take the name off accounts closed more than FORMER_COLLEAGUE_DAYS ago; answers how many (Art. 5(1)(e)).

    The row stays, so that what its owner did still has an author; nothing in it says who that was.
    """
    until = timezone.now() - timedelta(days=settings.FORMER_COLLEAGUE_DAYS)
    due = User.objects.filter(is_active=False, deactivated_at__lte=until)
    due = due.exclude(email__endswith=f"@{FORGOTTEN_DOMAIN}")
    return sum(_forget(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _forget(pk: UUID) -> bool:
    user = User.objects.select_for_update().filter(pk=pk, is_active=False).first()
    if user is None:
        return False
    user.full_name, user.email = "", f"{user.pk}@{FORGOTTEN_DOMAIN}"
    user.team, user.last_login, user.is_superuser = None, None, False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    record("user.forgotten", actor=None, target=user)
    return True

"""Purposes and the texts shown for them. A text is never changed: a new wording is a new version."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.services import Row, record, record_many
from consents.models import BalancingTest, Consent, ConsentEvent, LegalGround, NoticeVersion, Purpose, Suppression
from privacy.queue import enqueue

if TYPE_CHECKING:
    from accounts.models import User

# The job that keeps the published information (Art. 13, 14) in line with the purposes.
KEEP_NOTICE = "gdpr_requests.keep_notice"


@transaction.atomic
def publish_notice(
    *, purpose: Purpose, language: str, text: str, actor: User | None, is_material: bool = False
) -> NoticeVersion:
    """Put a new version of the purpose's text in force.

    `is_material` says that what is done with the data changed: consents given before it must then be renewed.
    The same text as the version in force makes no new version.
    """
    Purpose.objects.select_for_update().get(pk=purpose.pk)
    rows = NoticeVersion.objects.filter(purpose=purpose, language=language)
    current = rows.order_by("-version").first()
    digest = hashlib.sha256(text.encode()).hexdigest()
    if current is not None and current.sha256 == digest and not is_material:
        return current
    latest = rows.aggregate(latest=Max("version"))["latest"] or 0
    notice = NoticeVersion(
        purpose=purpose,
        language=language,
        version=latest + 1,
        text=text,
        sha256=digest,
        is_material=is_material,
        created_by_id=actor.pk if actor else None,
    )
    notice.save(force_insert=True)
    record("notice.published", actor=actor, target=notice, detail={"purpose": purpose.slug, "version": notice.version})
    return notice


class PurposeInUse(Exception):  # noqa: N818 - read as a sentence
    """Somebody's data are held, were given or refused for the purpose: what they were told of it stays true.

    `fields` names what may not change.
    """

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


# People were told the basis; and by an edit whoever bought training must not become a buyer of furniture, nor an
# objection to offers one to a mere notice.
FIXED_IN_USE = ("basis", "is_marketing", "product_line")


def is_in_use(purpose: Purpose) -> bool:
    """Whether any person's data hang on the purpose: a ground, a word in the ledger, or an address to leave alone."""
    hanging = (LegalGround, ConsentEvent, Consent, Suppression)
    return any(model._default_manager.filter(purpose=purpose).exists() for model in hanging)


@transaction.atomic
def save_purpose(*, purpose: Purpose, actor: User | None, changed: list[str]) -> Purpose:
    """Save a new or edited purpose; `changed` names its changed fields for the audit.

    Raises PurposeInUse where the basis, the product line or whether it is marketing would change under people.
    """
    is_new = purpose._state.adding
    # Held first, so that no ground is recorded on it between the look and the save.
    before = None if is_new else Purpose.objects.select_for_update().get(pk=purpose.pk)
    if before is not None:
        different = [name for name in FIXED_IN_USE if getattr(before, name) != getattr(purpose, name)]
        if different and is_in_use(purpose):
            raise PurposeInUse(different)
    purpose.save()
    record(
        "purpose.created" if is_new else "purpose.changed",
        actor=actor,
        target=purpose,
        fields=changed,
        detail={"purpose": purpose.slug},
    )
    enqueue(KEEP_NOTICE)
    return purpose


@transaction.atomic
def save_balancing_test(*, test: BalancingTest, actor: User | None, changed: list[str]) -> BalancingTest:
    """Save a new or edited balancing test. Raises ValidationError for one that data are held on already."""
    is_new = test._state.adding
    if not is_new and BalancingTest.objects.select_for_update().get(pk=test.pk).is_used:
        raise ValidationError(_("Data are held on this test: it stays as it is. Write a new version."), code="used")
    test.save()
    record("balancing_test.created" if is_new else "balancing_test.changed", actor=actor, target=test, fields=changed)
    return test


@transaction.atomic
def renew_balancing_test(*, earlier: BalancingTest, test: BalancingTest, actor: User | None) -> BalancingTest:
    """Put a new version in the place of a test that data are held on; purposes rest on the new one from now on.

    Grounds keep the version that they were opened on. Raises ValidationError where somebody was faster, or where the
    new version is dated before the earlier one.
    """
    earlier = BalancingTest.objects.select_for_update().get(pk=earlier.pk)
    if BalancingTest.objects.filter(replaces=earlier).exists():
        raise ValidationError(_("There is a newer version already."), code="replaced")
    if test.dated < earlier.dated:
        raise ValidationError({"dated": _("A new version can't be older than the one before it.")}, code="older")
    test.replaces, test.version = earlier, earlier.version + 1
    test.save(force_insert=True)
    moved = Purpose.objects.filter(balancing_test=earlier).update(balancing_test=test)
    record("balancing_test.renewed", actor=actor, target=test, detail={"version": test.version, "purposes": moved})
    enqueue(KEEP_NOTICE)
    return test


@transaction.atomic
def hand_over_purposes(*, leaver: User, heir: User | None, actor: User) -> int:
    """Give the purposes and balancing tests that the leaver answers for to a colleague, or to nobody."""
    rows = [*Purpose.objects.filter(owner=leaver), *BalancingTest.objects.filter(owner=leaver)]
    for model in (Purpose, BalancingTest):
        model._default_manager.filter(owner=leaver).update(owner=heir)
    record_many("purpose.owner_changed", actor=actor, rows=[Row(target=row, fields=["owner"]) for row in rows])
    return len(rows)

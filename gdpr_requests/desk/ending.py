"""The end of the register's rows: after `ends_on` a request goes with its letters and its key (Art. 5(1)(e))."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.services import Row, record_many
from gdpr_requests.models import DataSubjectRequest
from privacy.append_only import released
from privacy.models import SubjectKey
from tasks.sql import pieces


def end_old(on: dt.date | None = None) -> int:
    """Destroy the requests whose time was over before that day (today by default) and return how many."""
    day = on or timezone.localdate()
    over = DataSubjectRequest.objects.filter(ends_on__lt=day).order_by("pk").values_list("pk", flat=True)
    return sum(_destroy(list(some), day) for some in pieces(list(over), 200))


@transaction.atomic
def _destroy(ids: list[UUID], day: dt.date) -> int:
    rows = DataSubjectRequest.objects.filter(pk__in=ids, ends_on__lt=day)
    going = list(rows.select_for_update().order_by("pk").only("pk"))
    pks = [request.pk for request in going]
    events = [Row(target=DataSubjectRequest(pk=pk)) for pk in pks]
    with released(pks):
        # Letters and history hang on it and go along.
        DataSubjectRequest.objects.filter(pk__in=pks).delete()
    SubjectKey.objects.filter(subject_id__in=pks).delete()
    return record_many("request.ended", actor=None, rows=events)

"""The rows that writes of the register begin with."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gdpr_requests.models import DataSubjectRequest


def locked(request: DataSubjectRequest) -> DataSubjectRequest:
    """The request as it stands, locked until the transaction ends."""
    found: DataSubjectRequest = DataSubjectRequest.objects.select_for_update().get(pk=request.pk)
    return found


def open_one(request: DataSubjectRequest) -> DataSubjectRequest:
    """The same. Raises ValidationError where somebody has closed it meanwhile."""
    request = locked(request)
    if not request.is_open:
        raise ValidationError(_("The request is closed; its history stays as it is."), code="closed")
    return request

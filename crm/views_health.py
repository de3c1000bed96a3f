"""The address that monitors ask."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm import health


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while database, broker and beat are well, otherwise 503. Which part is ill is nobody else's business."""
    well = all(health.report().values())
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    response = JsonResponse({"status": "ok" if well else "not ok"}, status=status)
    # health.py has said why; Django's own line for every 5xx would only repeat that it happened.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response

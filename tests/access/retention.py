"""Who sees what retention would do, and who decides."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils import timezone

from consents.models import LegalGround
from tests import make
from tests.access import row

READ = {"everyone": 403, "dpo": 200, "admin": 200, "auditor": 200}

ROWS = [
    row("gdpr_requests:retention", **READ),
    row("gdpr_requests:retention_dry_run", **READ),
    row("gdpr_requests:retention_run", method="post", everyone=403, dpo=302, admin=302),
]


def prepare(world: SimpleNamespace) -> None:
    make.contact(world.staff)
    LegalGround.objects.update(ended_at=timezone.now(), end_reason="period_over")

"""What every process does before it serves or works."""

from __future__ import annotations

from gdpr_requests.backup.presence import announce
from gdpr_requests.backup.startup import bring_in_line
from privacy.startup import verify


def prepare() -> None:
    """Refuse an installation that would lose or leak data, then erase again whom a restored backup brought back.

    Raises ImproperlyConfigured in plain words. Nobody is served before this has returned.
    """
    verify()
    announce()
    bring_in_line()

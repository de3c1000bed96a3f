"""Who may open the pages that no single room owns."""

from __future__ import annotations

from tests.access import row

ROWS = [
    row("healthz", everyone=503, stranger=503),  # no worker and no beat run in a test
    row("crm:dashboard"),
    row("crm:contacts"),
    row("crm:search", method="post", data={"q": "jan"}),
    row("crm:gallery", everyone=404),  # for superusers and developers
]

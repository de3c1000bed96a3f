"""Every test of the desk has a ledger of its own: keys and databases are new each time."""

import pytest


@pytest.fixture(autouse=True)
def ledger_file(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.ledger"
    return settings.ERASURE_LEDGER

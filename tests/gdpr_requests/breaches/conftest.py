"""Breaches as the tests enter them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from gdpr_requests.breaches.services import record_breach
from gdpr_requests.models import Breach

Make = Callable[..., Breach]


def values(**given: Any) -> dict[str, Any]:
    """What somebody writes down in the first minutes."""
    return {
        "title": "Ztracený notebook",
        "facts": "Notebook Jany Kovářové zůstal ve vlaku.",
        "became_aware_at": timezone.now() - dt.timedelta(hours=1),
        **given,
    }


@pytest.fixture
def breach_of(dpo: Any) -> Make:
    """`breach_of(title=…)`: a breach that the DPO recorded."""
    return lambda **given: record_breach(values=values(**given), actor=dpo)


@pytest.fixture
def english() -> Iterator[None]:
    """What the code says is read in English."""
    with translation.override("en"):
        yield

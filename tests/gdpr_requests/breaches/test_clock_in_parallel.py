"""The watch of the 72 hours in many processes at once, on PostgreSQL: each hour's task is made exactly once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from gdpr_requests.breaches.clock import watch
from tasks.models import Task

WORKERS = 8


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_eight_watches_at_once_make_each_task_once(breach_of):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    over = max(breach_of(title=f"Porušení {number}").notify_by for number in range(5))
    gate = Barrier(WORKERS)

    def look(_number: int) -> int:
        try:
            gate.wait(timeout=30)
            return watch(over)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        made = sum(pool.map(look, range(WORKERS)))
    assert made == 5
    assert (
        list(Task.objects.open().filter(kind__startswith="breach").values_list("kind", flat=True))
        == ["breach_late"] * 5
    )
    assert Task.objects.filter(kind="breach_late").count() == 5

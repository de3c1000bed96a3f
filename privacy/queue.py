"""The one way to hand work to the worker: by name, with ids, once the transaction stands."""

from __future__ import annotations

import re
from functools import cache, partial
from uuid import UUID

from celery import current_app, signature
from django.db import transaction

# Ids, numbers and short codes. A name, an e-mail or a sentence does not look like this.
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def enqueue(job: str, *arguments: UUID | int | str) -> None:
    """Queue a job such as "tasks.send_digests" when the running transaction commits; at once where there is none.

    By name, because jobs call services: importing the job here would close a circle. A queue that is out of reach does
    not undo what was saved; rows are the truth, and the regular run of the job finds them.

    Raises ValueError for an argument that is more than an id or a short code: messages never carry personal data.
    """
    values = [str(value) if isinstance(value, UUID) else value for value in arguments]
    for position, value in enumerate(values):
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"Argument {position} of {job} is no id or short code")
    _know_all_jobs()
    transaction.on_commit(partial(signature(job, args=values).delay), robust=True)


@cache
def _know_all_jobs() -> None:
    """Import every room's jobs, so that the name leads to the job itself: it knows its options. Not before the first
    one is queued: a process that queues none starts faster.
    """
    current_app.loader.import_default_modules()

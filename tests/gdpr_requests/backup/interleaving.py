"""Two processes on one database, one statement at a time, in an order that a seed chooses.

Each process stops before every statement and before its commit, says so, and waits for its turn. Whoever waits for a
lock of the other is found by asking PostgreSQL, and the other goes on. Run as a module it is one of the two processes.
"""

from __future__ import annotations

import io
import json
import select
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

# --- the one who chooses ----------------------------------------------------------------------------------------------


class Stuck(Exception):  # noqa: N818
    """Neither goes on."""


@dataclass
class Player:
    """One process. `waits` means that it stands before a statement; `done` holds how its work ended."""

    process: subprocess.Popen[str]
    backend: int = 0
    waits: bool = False
    done: str | None = None
    statements: int = 0

    @classmethod
    def start(cls, environment: dict[str, str], log: Path, folder: str) -> Player:
        with log.open("ab") as target:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.gdpr_requests.backup.interleaving"],
                env=environment,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=target,
                text=True,
                bufsize=1,
            )
        return cls(process)

    def say(self, order: Any) -> None:
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def begin(self, order: dict[str, Any]) -> None:
        self.waits, self.done, self.statements = False, None, 0
        self.say(order)

    def listen(self, seconds: float) -> bool:
        """Whether it said something within that time."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return False
        heard = self.process.stdout.readline()
        if not heard:
            raise Stuck("a process ended")
        said = json.loads(heard)
        self.backend = said.get("backend", self.backend)
        self.waits, self.done = "at" in said, said.get("done")
        return True

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)


@dataclass
class Order:
    """Who is next: at random, in runs, or with a few changes at chosen places."""

    rng: Random
    steps: int = 0
    current: int = 0
    changes: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.kind = self.rng.choice(["at random", "in runs", "few changes"])
        self.current = self.rng.randrange(2)
        self.changes = {self.rng.randrange(160) for _ in range(self.rng.randrange(1, 5))}

    def next(self, waiting: list[int]) -> int:
        self.steps += 1
        if self.kind == "at random":
            return self.rng.choice(waiting)
        changes = self.steps in self.changes if self.kind == "few changes" else self.rng.random() < 0.1
        if changes:
            self.current = 1 - self.current
        return self.current if self.current in waiting else waiting[0]


def interleave(seed: int, players: list[Player], orders: list[dict[str, Any]], blocked: Any) -> list[str]:
    """Let both work in the order of the seed. Returns how each ended: "" or the type of what it met."""
    order, deadline = Order(Random(seed)), time.monotonic() + 60
    for player, work in zip(players, orders, strict=True):
        player.begin(work)
    while any(player.done is None for player in players):
        if time.monotonic() > deadline:
            raise Stuck(f"seed {seed}")
        for player in players:
            if player.done is None and not player.waits:
                _await(player, blocked)
        waiting = [number for number, player in enumerate(players) if player.waits]
        if waiting:
            chosen = players[order.next(waiting)]
            chosen.waits = False
            chosen.statements += 1
            chosen.say("go")
    return [str(player.done) for player in players]


def _await(player: Player, blocked: Any) -> None:
    """Until it stands before the next statement, has ended, or waits for a lock that the other holds."""
    while not player.listen(0.004):
        if player.backend and blocked(player.backend):
            return


# --- one of the two ---------------------------------------------------------------------------------------------------


def work(order: dict[str, Any]) -> None:
    from contacts.models import Contact

    if order["work"] == "erase":
        return erase(order)
    from accounts.models import User

    user = User.objects.get(pk=order["user"])
    return WRITERS[order["work"]](Contact.objects.get(pk=order["contact"]), user, order)


def erase(order: dict[str, Any]) -> None:
    """As the page does it: a card that was merged away meanwhile is found under its new address."""
    from contacts.models import Contact, ContactAlias
    from gdpr_requests.services.erase import erase_contact

    pk = order["contact"]
    while True:
        try:
            erase_contact(pk=pk, reason="requested", actor=None)
            return
        except Contact.DoesNotExist:
            pk = ContactAlias.objects.get(old_id=pk).contact_id


def note(contact, user, order):
    from contacts.services.timeline import add_entry

    add_entry(contact=contact, kind="note", body=order["secret"], actor=user)


def file(contact, user, order):
    from django.core.files.base import ContentFile

    from contacts.services.files import add_file

    stream = ContentFile(order["secret"].encode())
    add_file(contact=contact, stream=stream, name=order["secret"], content_type="x/y", actor=user)


def correction(contact, user, order):
    from contacts.services.correct import correct_card

    correct_card(contact=contact, values={"last_name": order["secret"]}, actor=user)


def channel(contact, user, order):
    from contacts.models import EmailAddress
    from contacts.services.correct import set_channels

    set_channels(contact=contact, model=EmailAddress, rows=[{"value": f"nova.{order['address']}"}], actor=user)


def ground(contact, user, order):
    from consents.models import Purpose
    from consents.services.grounds import open_ground

    purpose = Purpose.objects.get(slug="contract")
    open_ground(contact=contact, purpose=purpose, actor=user, reference=order["secret"])


def consent(contact, user, order):
    from consents.models import Purpose
    from consents.services.ledger import Evidence, give

    evidence = Evidence(method="paper", reference=order["secret"])
    give(contact=contact, purpose=Purpose.objects.get(slug="newsletter"), evidence=evidence, actor=user)


def withdrawal(contact, user, order):
    from consents.models import Purpose
    from consents.services.ledger import withdraw

    purpose = Purpose.objects.get(slug="newsletter")
    withdraw(contact=contact, purpose=purpose, channel="email", reference=order["secret"], actor=user)


def task(contact, user, order):
    from django.utils import timezone

    from tasks.services import create_task

    create_task(title=order["secret"], assignee=user, due_on=timezone.localdate(), actor=user, contact=contact)


def export(contact, user, order):
    from gdpr_requests.services.access import export_contact

    export_contact(contact=contact, actor=user)


def merge_into(contact, user, order):
    """The person's card is merged into another card of theirs."""
    from contacts.models import Contact
    from gdpr_requests.services.merge import merge_contacts

    merge_contacts(kept=Contact.objects.get(pk=order["other"]), other=contact, take={}, actor=user)


def merge_from(contact, user, order):
    from contacts.models import Contact
    from gdpr_requests.services.merge import merge_contacts

    merge_contacts(kept=contact, other=Contact.objects.get(pk=order["other"]), take={}, actor=user)


def bring_in(contact, user, order):
    """An import whose file names the person, uploaded before and run now."""
    from intake.batch import running

    running.run(order["batch"])


def upload(contact, user, order):
    """The whole of an import."""
    from consents.models import Purpose
    from intake.batch import running, services

    text = f"Příjmení;E-mail\n{order['secret']};{order['address']}\n"
    batch = services.take_file(stream=io.BytesIO(text.encode()), name="lidé.csv", actor=user)
    services.start(
        batch=batch,
        purpose=Purpose.objects.get(slug=order["purpose"]),
        source="person",
        source_detail="",
        ground={},
        owner=user,
        actor=user,
        queue=False,
    )
    running.run(batch.pk)


WRITERS = {
    one.__name__: one
    for one in [
        note, file, correction, channel, ground, consent, withdrawal, task, export, merge_into, merge_from, bring_in,
        upload,
    ]
}  # fmt: skip


def main() -> None:
    """Take orders from standard input until it closes."""
    import django

    django.setup()
    from django.core.exceptions import ObjectDoesNotExist, ValidationError
    from django.db import DatabaseError, connection

    from privacy.errors import KeyMissing

    out = sys.stdout
    sys.stdout = sys.stderr  # nothing but reports goes to whoever chooses

    def report(said: dict[str, Any]) -> None:
        out.write(json.dumps(said) + "\n")
        out.flush()

    def turn() -> None:
        report({"at": 1})
        sys.stdin.readline()

    def before_statement(execute, sql, params, many, context):
        turn()
        return execute(sql, params, many, context)

    def before_commit():
        if connection.connection is not None:
            turn()
        return commit()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        report({"backend": cursor.fetchone()[0]})
    commit = connection._commit
    for line in iter(sys.stdin.readline, ""):
        met = ""
        with ExitStack() as stack:
            connection._commit = before_commit
            stack.enter_context(connection.execute_wrapper(before_statement))
            try:
                work(json.loads(line))
            except (DatabaseError, ObjectDoesNotExist, ValidationError, KeyMissing) as error:
                met = type(error).__name__
            connection._commit = commit
        report({"done": met})


if __name__ == "__main__":
    main()

"""Prove that nothing was removed from the audit record or changed in it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.verification import Verdict, accept_restored, verify

REASONS = {
    "checkpoint_broken": "the checkpoint of the last pruning was not written by this installation",
    "link_missing": "a link is missing or stands out of order",
    "link_changed": "a link was changed, or the event under it exchanged",
    "event_changed": "an event was changed or did not come from this installation",
    "event_not_linked": "an event has waited for its link too long (is the worker running?)",
    "anchor_missing": "the anchor file is missing",
    "anchor_broken": "the anchor file is damaged",
    "anchor_disagrees": "the chain differs from what the anchor saw",
    "tail_cut": "the chain ends before what the anchor saw: its end was removed, or an older database restored",
}


class Command(BaseCommand):
    help = "Checks the whole chain of the audit record and its anchor. Exit status 0 only when both hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
        parser.add_argument(
            "--accept-restored",
            action="store_true",
            help="After restoring an older database: pin the anchor where the chain now ends. Leaves an audit event.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = accept_restored() if options["accept_restored"] else verify()
        self.stdout.write(json.dumps({"ok": verdict.ok, **asdict(verdict)}) if options["json"] else _sentence(verdict))
        if not verdict.ok:
            sys.exit(1)


def _sentence(verdict: Verdict) -> str:
    if verdict.ok:
        return f"The audit record holds: {verdict.links} links, head at {verdict.head}."
    at = f" at position {verdict.position}" if verdict.position is not None else ""
    event = f" (event {verdict.event_id})" if verdict.event_id is not None else ""
    return (
        f"The audit record does NOT hold{at}{event}: {REASONS[verdict.reason]}. {verdict.links} links before it hold."
    )

"""A mail server for tests: it takes letters, refuses some, breaks off, or is slow."""

from __future__ import annotations

import asyncio
import email
from email.message import EmailMessage
from email.policy import default


class Sink:
    """Takes every letter; says `refusals[address]` to whom it names, and breaks off before its answer if told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.breaks_off = False
        self.delay = 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the library's name)
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(self.delay)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        if self.breaks_off:
            server.transport.close()
        return "250 OK"

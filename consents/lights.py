"""The lights on the card: per channel, whether we may contact the person, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from consents import facts as loading
from consents.facts import Facts
from consents.gate import decide
from consents.models import Channel, Purpose
from consents.rules import Decision, Rule
from contacts.models import Contact


class Level(StrEnum):
    """YES: marketing too. SERVICE: only about what a ground covers. NO: not at all."""

    YES = "yes"
    SERVICE = "service"
    NO = "no"


@dataclass(frozen=True)
class Light:
    """One channel: the level, the answer that decides it, and every purpose's answer for the curious."""

    channel: Channel
    level: Level
    decision: Decision
    answers: list[Decision]


# Which refusal says the most, where several purposes are refused.
TELLING = (
    Rule.RESTRICTED,
    Rule.NO_ADDRESS,
    Rule.OBJECTED,
    Rule.SUPPRESSED,
    Rule.WITHDRAWN,
    Rule.REFUSED,
    Rule.EXPIRED,
    Rule.RENEW,
    Rule.WEAK,
    Rule.PENDING,
    Rule.PUBLIC_SOURCE,
    Rule.OTHER_PRODUCT,
)


def lights(contact: Contact, at: dt.datetime | None = None) -> list[Light]:
    """The four channels of the card, in a fixed number of queries."""
    facts = loading.load([contact])[contact.pk]
    marketing = list(Purpose.objects.active().filter(is_marketing=True))
    purposes = loading.purposes_on_card(facts, marketing)
    when = at or timezone.now()
    return [
        _light(facts, purposes, channel, when) for channel in (Channel.EMAIL, Channel.PHONE, Channel.SMS, Channel.POST)
    ]


def _light(facts: Facts, purposes: list[Purpose], channel: Channel, at: dt.datetime) -> Light:
    answered = [(purpose, decide(facts, None, purpose, channel, at)) for purpose in purposes]
    relevant = [pair for pair in answered if pair[1].rule is not Rule.CHANNEL_NOT_COVERED]
    answers = [answer for _, answer in relevant]
    marketing = next((answer for purpose, answer in relevant if purpose.is_marketing and answer.allowed), None)
    if marketing:
        return Light(channel, Level.YES, marketing, answers)
    service = next((answer for answer in answers if answer.allowed), None)
    if service:
        return Light(channel, Level.SERVICE, service, answers)
    return Light(channel, Level.NO, _telling(facts, channel, answers), answers)


def _telling(facts: Facts, channel: Channel, answers: list[Decision]) -> Decision:
    if facts.is_restricted:
        return Decision(rule=Rule.RESTRICTED, channel=channel)
    if not facts.addresses[channel]:
        return Decision(rule=Rule.NO_ADDRESS, channel=channel)
    ranked = sorted(answers, key=lambda a: TELLING.index(a.rule) if a.rule in TELLING else len(TELLING))
    return ranked[0] if ranked else Decision(rule=Rule.NO_GROUND, channel=channel)

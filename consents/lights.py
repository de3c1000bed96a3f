"""The lights on the card: per channel, whether we may contact the person, and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
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
    """One channel: the level, the answer that decides it, and every purpose's answer for the curious.

    `marketing` are those of the answers that are about offers.
    """

    channel: Channel
    level: Level
    decision: Decision
    answers: list[Decision]
    marketing: list[Decision]

    @property
    def is_out_of_reach(self) -> bool:
        """The card holds nothing to reach the person by, so there is nothing to allow or refuse."""
        return self.decision.rule is Rule.NO_ADDRESS


# Which refusal says the most, where several purposes are refused.
TELLING = (
    Rule.RESTRICTED,
    Rule.NO_ADDRESS,
    Rule.OBJECTED,
    Rule.HALTED,
    Rule.SUPPRESSED,
    Rule.WITHDRAWN,
    Rule.REFUSED,
    Rule.EXPIRED,
    Rule.RENEW,
    Rule.WEAK,
    Rule.PENDING,
    Rule.PUBLIC_SOURCE,
    Rule.OTHER_PRODUCT,
    Rule.NOT_FROM_SALE,
)


# Which permission says the most, where several purposes allow a channel.
CLEAREST = (
    Rule.CONSENT,
    Rule.CONTRACT,
    Rule.EXISTING_CUSTOMER,
    Rule.LEGITIMATE_INTEREST,
    Rule.PUBLIC_TASK,
    Rule.LEGAL_OBLIGATION,
    Rule.VITAL_INTERESTS,
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
    offers = [answer for purpose, answer in relevant if purpose.is_marketing]
    if marketing := _clearest(offers):
        return Light(channel, Level.YES, marketing, answers, offers)
    if service := _clearest(answers):
        return Light(channel, Level.SERVICE, service, answers, offers)
    return Light(channel, Level.NO, _telling(facts, channel, answers), answers, offers)


def _clearest(answers: Sequence[Decision]) -> Decision | None:
    return min((a for a in answers if a.allowed), key=lambda a: CLEAREST.index(a.rule), default=None)


def _telling(facts: Facts, channel: Channel, answers: list[Decision]) -> Decision:
    if facts.is_restricted:
        return Decision(rule=Rule.RESTRICTED, channel=channel)
    if not facts.addresses[channel]:
        return Decision(rule=Rule.NO_ADDRESS, channel=channel)
    ranked = sorted(answers, key=lambda a: TELLING.index(a.rule) if a.rule in TELLING else len(TELLING))
    return ranked[0] if ranked else Decision(rule=Rule.NO_GROUND, channel=channel)


@dataclass(frozen=True)
class Refusal:
    """Offers that are refused whatever the channel, and why; purposes with the same reason stand together."""

    purposes: list[str]
    decision: Decision


# Refusals that a colleague has to know of before they write; "nobody asked yet" is none of them.
NAMED = (
    Rule.OBJECTED,
    Rule.SUPPRESSED,
    Rule.WITHDRAWN,
    Rule.REFUSED,
    Rule.RENEW,
    Rule.EXPIRED,
    Rule.WEAK,
    Rule.PUBLIC_SOURCE,
    Rule.OTHER_PRODUCT,
    Rule.NOT_FROM_SALE,
)


def marketing_refusals(shown: Sequence[Light]) -> list[Refusal]:
    """The marketing purposes that no channel allows, where the reason is worth a light of its own."""
    answers: dict[uuid.UUID, list[Decision]] = {}
    for light in shown:
        for answer in light.marketing:
            if answer.purpose_id:
                answers.setdefault(answer.purpose_id, []).append(answer)
    found: dict[Rule, Refusal] = {}
    for said in answers.values():
        telling = [answer for answer in said if answer.rule in NAMED]
        if not telling or any(answer.allowed for answer in said):
            continue
        worst = min(telling, key=lambda answer: NAMED.index(answer.rule))
        found.setdefault(worst.rule, Refusal([], worst)).purposes.append(worst.purpose_name)
    return [found[rule] for rule in NAMED if rule in found]

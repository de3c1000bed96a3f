"""Why data may be held: purposes, lawful bases, texts shown, consents and objections."""

from consents.models.codes import Basis, Channel, DataCategory, EndReason, EventKind, Method, StartEvent, State
from consents.models.grounds import LegalGround
from consents.models.ledger import Consent, ConsentEvent
from consents.models.objections import Objection
from consents.models.purposes import STEPS, BalancingTest, NoticeVersion, Purpose
from consents.models.suppression import Suppression

__all__ = [
    "STEPS",
    "BalancingTest",
    "Basis",
    "Channel",
    "Consent",
    "ConsentEvent",
    "DataCategory",
    "EndReason",
    "EventKind",
    "LegalGround",
    "Method",
    "NoticeVersion",
    "Objection",
    "Purpose",
    "StartEvent",
    "State",
    "Suppression",
]

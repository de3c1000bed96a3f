"""The ledger shows when somebody changed a consent behind the application's back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from consents.models import ConsentEvent
from consents.services.ledger import give, withdraw
from consents.verify import verify_consents
from privacy.models import Release
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(petra: User) -> list[ConsentEvent]:
    """Three events of one person, with the triggers open as a thief with the database would have them."""
    jana = make.contact(petra, ground=make.consent_ground())
    make.contact(petra, first_name="Jan", email="jan@x.example", phone=None, ground=make.consent_ground())
    withdraw(contact=jana, purpose=make.purpose("newsletter"), actor=petra)
    give(contact=jana, purpose=make.purpose("newsletter"), evidence=make.PAPER, actor=petra)
    assert verify_consents().ok
    Release.objects.create(subject_id=jana.subject_id, opened_at=timezone.now())
    return list(ConsentEvent.objects.filter(subject_id=jana.subject_id).order_by("sequence"))


def test_a_changed_event_is_found(events: list[ConsentEvent]) -> None:
    moved = events[1].occurred_at - dt.timedelta(days=9)
    ConsentEvent.objects.filter(pk=events[1].pk).update(occurred_at=moved)
    assert verify_consents().broken == (events[1].pk,)


def test_an_event_taken_out_is_found_by_the_one_after_it(events: list[ConsentEvent], capsys) -> None:
    ConsentEvent.objects.filter(pk=events[1].pk).delete()
    with pytest.raises(SystemExit):
        call_command("verify_consents", "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": False, "events": 3, "broken": [str(events[2].pk)]}

"""Whatever is done to the record behind the product's back shows."""

import io
import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.utils import timezone

from audit import anchor
from audit.chain import link_events
from audit.mac import event_mac
from audit.models import AuditCheckpoint, AuditEvent, AuditLink
from audit.pruning import prune
from audit.services import record
from audit.verification import verify
from privacy.append_only import drop_triggers_for_flush, install_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_place(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def chain():
    """Five linked events."""
    events = [record("contact.viewed", actor=None, contact_id=uuid4()) for _ in range(5)]
    assert link_events() == 5
    return events


@contextmanager
def behind_the_back():
    """What somebody with all rights to the database could do."""
    drop_triggers_for_flush(connection)
    yield
    install_triggers(connection)


def backdate(event, **age):
    """Make an event older, with the right MAC for its new time."""
    event.at = timezone.now() - timedelta(**age)
    with behind_the_back():
        AuditEvent.objects.filter(pk=event.pk).update(at=event.at, mac=event_mac(event))


def run(*args):
    """What the command prints, with its exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("verify_audit", "--json", *args, stdout=out)
    except SystemExit as end:
        status = end.code
    return {**json.loads(out.getvalue()), "status": status}


def test_an_empty_record_holds():
    assert run() == {"ok": True, "links": 0, "head": 0, "reason": "", "position": None, "event_id": None, "status": 0}


def test_a_linked_record_holds(chain):
    record("contact.viewed", actor=None)  # still waiting for its link
    assert run() == {"ok": True, "links": 5, "head": 5, "reason": "", "position": None, "event_id": None, "status": 0}
    assert link_events() == 1
    assert anchor.read() == anchor.Anchor(6, bytes(AuditLink.objects.get(position=6).mac))
    assert link_events() == 0


def test_linking_goes_in_batches():
    for _ in range(7):
        record("contact.viewed", actor=None)
    assert link_events(batch=3) == 7
    assert verify().ok


def test_an_event_committed_late_is_linked(chain):
    late = record("contact.viewed", actor=None)
    backdate(late, hours=20)
    assert link_events() == 1
    assert verify().ok


def test_an_event_committed_days_late_is_linked_by_the_nightly_run(chain):
    backdate(record("contact.viewed", actor=None), days=3)
    assert link_events() == 0
    assert verify().reason == "event_not_linked"
    assert link_events(everything=True) == 1
    assert verify().ok


@pytest.mark.parametrize("column", ["action", "contact_id", "at", "detail"])
def test_a_changed_event_shows(chain, column):
    values = {"action": "contact.edited", "contact_id": uuid4(), "at": timezone.now(), "detail": {"n": 1}}
    with behind_the_back():
        AuditEvent.objects.filter(pk=chain[2].pk).update(**{column: values[column]})
    found = run()
    assert (found["status"], found["reason"], found["position"]) == (1, "event_changed", 3)
    assert (found["event_id"], found["head"]) == (chain[2].pk, 2)


def test_a_removed_event_shows(chain):
    with behind_the_back():
        AuditLink.objects.filter(position=3).delete()
        AuditEvent.objects.filter(pk=chain[2].pk).delete()
    found = verify()
    assert (found.reason, found.position) == ("link_missing", 3)


def test_closing_the_gap_does_not_hide_it(chain):
    with behind_the_back():
        AuditLink.objects.filter(position=3).delete()
        AuditEvent.objects.filter(pk=chain[2].pk).delete()
        for position in (4, 5):
            AuditLink.objects.filter(position=position).update(position=position - 1)
    assert verify().reason == "link_changed"


def test_exchanged_events_show(chain):
    with behind_the_back():
        spare = record("contact.viewed", actor=None)
        AuditLink.objects.filter(position=3).update(event_id=spare.pk)
    found = verify()
    assert (found.reason, found.position) == ("link_changed", 3)


def test_an_invented_event_shows(chain):
    AuditEvent.objects.create(at=timezone.now(), action="contact.viewed", mac=b"0" * 32)
    assert verify().reason == "event_changed"
    link_events()
    found = verify()
    assert (found.reason, found.position) == ("event_changed", 6)


def test_a_cut_tail_shows_and_stays_to_be_seen(chain):
    with behind_the_back():
        AuditLink.objects.filter(position__gt=3).delete()
        AuditEvent.objects.filter(pk__in=[event.pk for event in chain[3:]]).delete()
    found = verify()
    assert (found.reason, found.position) == ("tail_cut", 4)
    for _ in range(10):
        record("contact.viewed", actor=None)
    assert link_events() == 10
    assert anchor.read().position == 5
    assert verify().reason == "anchor_disagrees"


def test_an_emptied_record_shows(chain):
    with behind_the_back():
        AuditLink.objects.all().delete()
        AuditEvent.objects.all().delete()
    assert verify().reason == "tail_cut"
    record("contact.viewed", actor=None)
    link_events()
    assert not verify().ok


def test_a_lost_or_forged_anchor_shows_and_is_not_silently_remade(chain):
    genuine = anchor.path().read_text()
    anchor.path().unlink()
    record("contact.viewed", actor=None)
    assert link_events() == 1
    assert verify().reason == "anchor_missing"
    anchor.path().write_text(genuine.replace('"position": 5', '"position": 4'))
    assert verify().reason == "anchor_broken"
    anchor.path().write_text("{")
    assert verify().reason == "anchor_broken"
    anchor.path().write_text(genuine)
    assert verify().ok


def test_after_a_restore_somebody_has_to_say_so(chain):
    with behind_the_back():
        AuditLink.objects.filter(position__gt=3).delete()
        AuditEvent.objects.filter(pk__in=[event.pk for event in chain[3:]]).delete()
    assert run()["reason"] == "tail_cut"
    assert run("--accept-restored")["status"] == 0
    assert run()["status"] == 0
    assert AuditEvent.objects.latest("pk").action == "audit.anchor_accepted"


def test_a_broken_chain_is_not_accepted_as_restored(chain):
    with behind_the_back():
        AuditEvent.objects.filter(pk=chain[0].pk).update(action="contact.edited")
    assert run("--accept-restored")["reason"] == "event_changed"


def test_an_event_that_nobody_links_shows(chain):
    event = record("contact.viewed", actor=None)
    assert verify(now=event.at + timedelta(minutes=59)).ok
    assert verify(now=event.at + timedelta(minutes=61)).reason == "event_not_linked"


def test_pruning_lets_the_oldest_go_and_the_chain_still_holds(chain):
    for event in chain[:3]:
        backdate(event, days=400)
    relink()
    assert prune(before=timezone.now() - timedelta(days=365), batch=2) == 3
    assert verify().ok
    assert [link.position for link in AuditLink.objects.order_by("position")] == [4, 5]
    assert [c.position for c in AuditCheckpoint.objects.all()] == [3]
    assert AuditEvent.objects.filter(action="audit.pruned").get().detail == {"count": 3}
    link_events()
    assert verify().ok


def test_everything_may_be_pruned_and_the_chain_goes_on(chain):
    for event in chain:
        backdate(event, days=400)
    relink()
    assert prune(before=timezone.now() - timedelta(days=365)) == 5
    assert link_events() == 1
    assert AuditLink.objects.get().position == 6
    assert verify().ok


def test_a_forged_checkpoint_shows(chain):
    with behind_the_back():
        head = AuditLink.objects.get(position=2)
        AuditCheckpoint.objects.create(position=2, head=head.mac, mac=b"0" * 32)
        AuditLink.objects.filter(position__lte=2).delete()
        AuditEvent.objects.filter(pk__in=[event.pk for event in chain[:2]]).delete()
    assert verify().reason == "checkpoint_broken"


def test_nothing_is_pruned_before_its_time(chain):
    with pytest.raises(CommandError):
        call_command("prune_audit", "--days", "10")
    assert prune(before=timezone.now() - timedelta(days=365)) == 0


def test_linking_in_parallel_makes_one_chain():
    for _ in range(60):
        record("contact.viewed", actor=None)
    done = []

    def work():
        try:
            done.append(link_events(batch=7))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 60
    assert verify().links == 60
    assert verify().ok


def relink():
    """Build the chain anew over events whose time was changed."""
    with behind_the_back():
        AuditLink.objects.all().delete()
    anchor.path().unlink()
    link_events(everything=True)

"""law.md on restriction (Art. 18): stored only; the person's own rights go on; they are told before it is lifted."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Installation, User
from audit.models import AuditEvent
from consents.gate import may_contact, may_contact_each
from consents.models import Consent, EventKind, LegalGround, Method
from consents.rules import Rule
from consents.scan import scan
from consents.services.grounds import open_ground, prolong_ground
from consents.services.ledger import Evidence, give, record_event, withdraw
from consents.services.objections import decide_objection, object_to_marketing, object_to_processing
from contacts import duplicates, services
from contacts.models import AddressToken, Contact, EmailAddress, NameToken, Phone, TimelineEntry
from contacts.services.channels import add_channel, correct_channel, remove_channel
from contacts.services.correct import (
    add_tag,
    correct_card,
    correct_everything,
    remove_tag,
    set_channels,
    set_tags,
    version_of,
)
from contacts.services.door import CardRestricted
from contacts.services.files import add_file, remove_entry, remove_file
from contacts.services.timeline import add_entry, change_entry
from gdpr_requests.letters.services import change_letter, draft_letter, send_letter
from gdpr_requests.models import ErasureReason, Letter, LetterKind, Restriction, RestrictionReason
from gdpr_requests.restriction.services import lift, record_notice, restrict
from gdpr_requests.services.erase import erase_contact
from gdpr_requests.services.merge import merge_contacts
from intake.services import NewGround
from outreach.audience import audience
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jana(petra: User, settings, tmp_path) -> Contact:
    """A card with everything on it that daily work could change."""
    settings.MEDIA_ROOT = tmp_path
    jana = make.contact(petra, ground=make.consent_ground(days=20))
    open_ground(contact=jana, purpose=make.purpose("contract"), actor=petra, reference="S-1")
    add_entry(contact=jana, kind="note", actor=petra, body="Volala.")
    add_file(contact=jana, stream=io.BytesIO(b"x"), name="x.pdf", content_type="", actor=petra)
    add_tag(contact=jana, name="VIP", actor=petra)
    return jana


def restricted(contact: Contact, dpo: User, reason: str = RestrictionReason.ACCURACY) -> Restriction:
    return restrict(contact=contact, reason=reason, actor=dpo, note="Sporná adresa.")


# --- stored only ------------------------------------------------------------------------------------------------------


def writes(jana: Contact, petra: User) -> dict[str, object]:
    """Every service by which daily work changes a card."""
    email, phone = jana.emails.get(), jana.phones.get()
    entry, file, tag = jana.timeline.get(), jana.files.get(), jana.tags.get()
    ground = LegalGround.objects.get(basis="contract")
    newsletter = make.purpose("newsletter")
    values = {"value": "x@y.example", "source": "person"}
    return {
        "correct_card": lambda: correct_card(contact=jana, values={"last_name": "Malá"}, actor=petra),
        "correct_everything": lambda: correct_everything(
            contact=jana, values={}, channels={}, tags=[], version=version_of(jana), actor=petra
        ),
        "set_channels": lambda: set_channels(contact=jana, model=EmailAddress, rows=[], actor=petra),
        "set_tags": lambda: set_tags(contact=jana, names=["nový"], actor=petra),
        "add_tag": lambda: add_tag(contact=jana, name="nový", actor=petra),
        "remove_tag": lambda: remove_tag(contact=jana, tag=tag, actor=petra),
        "add_channel": lambda: add_channel(contact=jana, model=EmailAddress, values=values, actor=petra),
        "correct_channel": lambda: correct_channel(channel=email, values={"value": "x@y.example"}, actor=petra),
        "remove_channel": lambda: remove_channel(channel=phone, actor=petra),
        "add_entry": lambda: add_entry(contact=jana, kind="note", actor=petra, body="x"),
        "change_entry": lambda: change_entry(entry=entry, values={"body": "y"}, actor=petra),
        "remove_entry": lambda: remove_entry(entry=entry, actor=petra),
        "add_file": lambda: add_file(contact=jana, stream=io.BytesIO(b"y"), name="y", content_type="", actor=petra),
        "remove_file": lambda: remove_file(file=file, actor=petra),
        "open_ground": lambda: open_ground(contact=jana, purpose=make.purpose("enquiry"), actor=petra),
        "prolong_ground": lambda: prolong_ground(ground=ground, valid_until=timezone.localdate(), actor=petra),
        "give": lambda: give(contact=jana, purpose=newsletter, evidence=make.PAPER, actor=petra),
        "renew": lambda: record_event(
            contact=jana, purpose=newsletter, kind=EventKind.RENEWED, evidence=make.PAPER, actor=petra
        ),
        "ask": lambda: record_event(
            contact=jana, purpose=newsletter, kind=EventKind.REQUESTED, evidence=make.PAPER, actor=petra
        ),
    }


def test_restriction_blocks_every_write_of_daily_work(jana: Contact, petra: User, dpo: User) -> None:
    before = _everything(jana)
    restricted(Contact.objects.get(pk=jana.pk), dpo)
    # The object in hand does not know of it: the row in the database is asked.
    assert not jana.is_restricted
    passed = []
    for name, write in writes(jana, petra).items():
        try:
            with transaction.atomic():
                write()
        except CardRestricted:
            continue
        passed.append(name)
    assert passed == []
    assert _everything(jana) == before


def _everything(jana: Contact) -> list[object]:
    card = Contact.objects.get(pk=jana.pk)
    return [
        card.last_name,
        [(e.value, e.is_primary) for e in card.emails.order_by("pk")],
        [p.value for p in card.phones.order_by("pk")],
        [(e.kind, e.body) for e in card.timeline.order_by("pk")],
        [f.name for f in card.files.order_by("pk")],
        [t.name for t in card.tags.order_by("pk")],
        list(LegalGround.objects.order_by("pk").values_list("basis", "valid_until", "ended_at")),
        list(Consent.objects.values_list("state", "valid_until")),
    ]


def test_restriction_is_left_out_of_sends_lists_and_the_gate(jana: Contact, manager: User, dpo: User) -> None:
    newsletter = make.purpose("newsletter")
    assert len(audience(user=manager, purpose=newsletter, channel="email").allowed) == 1
    restricted(jana, dpo)
    card = Contact.objects.get()
    assert may_contact(card, None, newsletter).rule == Rule.RESTRICTED
    assert may_contact(card, None, make.purpose("contract")).rule == Rule.RESTRICTED
    assert [a.rule for _c, _v, a in may_contact_each([card], newsletter, channel="email")] == [Rule.RESTRICTED]
    found = audience(user=manager, purpose=newsletter, channel="email")
    assert (found.allowed, found.refused[Rule.RESTRICTED]) == ([], 1)


def test_restriction_is_left_out_of_the_watch_and_of_proposals_to_erase(jana: Contact, petra: User, dpo: User) -> None:
    scan()
    mine = Task.objects.open().filter(contact=jana, kind=Task.Kind.RENEW_CONSENT)
    assert mine.count() == 1
    restricted(jana, dpo)
    assert mine.count() == 0
    scan()
    scan(timezone.localdate() + dt.timedelta(days=4000))
    assert not LegalGround.objects.filter(ended_at__isnull=True).exists()
    assert Task.objects.open().filter(contact=jana).count() == 0


def test_restriction_is_left_out_of_imports_and_merges(jana: Contact, petra: User, dpo: User) -> None:
    other = make.contact(petra, email="jana2@drevo.example")
    restricted(jana, dpo)
    for kept, gone in ((jana, other), (other, jana)):
        with pytest.raises(ValidationError):
            merge_contacts(kept=kept, other=gone, take={}, actor=petra)
    found = duplicates.find(user=petra, emails=["jana@drevo.example"])
    assert (found.by_address, found.hidden) == ([], [jana.pk])


def test_restriction_exact_hashes_stay_for_the_officer_only(jana: Contact, petra: User, dpo: User, client_of) -> None:
    restricted(jana, dpo)
    assert NameToken.objects.filter(contact=jana).count() == 0
    assert AddressToken.objects.filter(contact=jana).count() == 2
    found = {}
    for user in (petra, dpo):
        for query in ("Nov", "jana@drevo.example", "603111222"):
            page = client_of(user).post(reverse("crm:contacts"), {"q": query})
            found[user.full_name.split()[0], query] = "Nováková" in page.content.decode()
    assert {key for key, there in found.items() if there} == {("Dpo", "jana@drevo.example"), ("Dpo", "603111222")}


def test_restriction_is_in_nobodys_segment(jana: Contact, petra: User, dpo: User, client_of) -> None:
    browser = client_of(petra)
    segment = {"basis": "contract"}
    assert "Nováková" in browser.get(reverse("crm:contacts"), segment).content.decode()
    restricted(jana, dpo)
    assert "Nováková" not in browser.get(reverse("crm:contacts"), segment).content.decode()


# --- the person's own rights go on ------------------------------------------------------------------------------------


def test_restriction_never_holds_back_a_withdrawal_an_objection_or_an_own_opt_in(
    jana: Contact, petra: User, dpo: User
) -> None:
    restricted(jana, dpo)
    newsletter = make.purpose("newsletter")
    withdraw(contact=jana, purpose=newsletter, actor=petra)
    object_to_marketing(contact=jana, actor=petra)
    opt_in = Evidence(method=Method.WEB_FORM, reference="double opt-in")
    record_event(contact=jana, purpose=newsletter, kind=EventKind.CONFIRMED, evidence=opt_in, actor=None)
    assert Consent.objects.get(purpose=newsletter).state == "given"
    assert may_contact(Contact.objects.get(), None, newsletter).rule == Rule.RESTRICTED


def test_restriction_access_goes_on(jana: Contact, dpo: User, client_of) -> None:
    restricted(jana, dpo)
    page = client_of(dpo).get(reverse("gdpr_requests:export", args=[jana.pk])).content.decode()
    assert "Nováková" in page
    assert "Sporná adresa." in page


def test_restriction_correction_goes_on_by_those_who_hold_the_permission(
    jana: Contact, petra: User, dpo: User, client_of
) -> None:
    restricted(jana, dpo)
    email = jana.emails.get()
    page = reverse("contacts:channel", args=[jana.pk, "emails", email.pk])
    said = {"value": "jana.nova@drevo.example", "kind": "work", "source": "person", "is_primary": "on"}
    assert client_of(petra).post(page, said).status_code == 403
    assert client_of(dpo).post(page, said).status_code == 302
    assert EmailAddress.objects.get().value == "jana.nova@drevo.example"
    assert correct_card(contact=jana, values={"last_name": "Malá"}, actor=dpo) == ["last_name"]
    # Corrections only: notes, tags and grounds stay shut for everybody.
    with pytest.raises(CardRestricted):
        add_entry(contact=jana, kind="note", actor=dpo, body="x")


@pytest.mark.django_db(transaction=True)
def test_restriction_erasure_goes_on(jana: Contact, dpo: User) -> None:
    restricted(jana, dpo)
    erase_contact(pk=jana.pk, reason=ErasureReason.REQUESTED, actor=dpo, origin="page")
    assert (Contact.objects.count(), Restriction.objects.count()) == (0, 0)


# --- nobody lifts it silently -----------------------------------------------------------------------------------------


def test_restriction_the_person_is_told_before_it_is_lifted(jana: Contact, petra: User, dpo: User) -> None:
    row = restricted(jana, dpo)
    with pytest.raises(ValidationError):
        lift(restriction=row, actor=dpo)
    assert Contact.objects.get().is_restricted
    record_notice(restriction=row, via="phone", actor=dpo, reference="hovor 7")
    done = lift(restriction=row, actor=dpo)
    assert (done.told_by_id, done.told_on, done.told_via, done.told_reference) == (
        dpo.pk,
        timezone.localdate(),
        "phone",
        "hovor 7",
    )
    card = Contact.objects.get()
    assert not card.is_restricted
    assert NameToken.objects.filter(contact=card).exists()
    add_entry(contact=card, kind="note", actor=petra, body="x")
    actions = AuditEvent.objects.filter(contact_id=card.pk, action__startswith="contact.re").order_by("pk")
    assert [(e.action, e.detail) for e in actions] == [
        ("contact.restricted", {"reason": "accuracy"}),
        ("contact.restriction_notified", {"via": "phone"}),
        ("contact.released", {"reason": "accuracy"}),
    ]


def test_a_letter_that_says_it_ends_is_the_notice(jana: Contact, dpo: User) -> None:
    row = restricted(jana, dpo)
    letter = draft_letter(kind=LetterKind.RESTRICTION_LIFT, contact=jana, actor=dpo, language="cs")
    change_letter(
        letter=letter, values={"body": "Omezení končí.", "to_address": "Jana, Praha", "to_email": ""}, actor=dpo
    )
    send_letter(letter=Letter.objects.get(pk=letter.pk), via="post", actor=dpo)
    row.refresh_from_db()
    assert (row.told_via, row.told_letter_id, row.told_by_id) == ("letter", letter.pk, dpo.pk)
    lift(restriction=row, actor=dpo)
    assert not Contact.objects.get().is_restricted


@pytest.mark.parametrize("distance", [1, -1])
def test_a_notice_of_a_day_that_cannot_be_is_refused(jana: Contact, dpo: User, distance: int) -> None:
    row = restricted(jana, dpo)
    with pytest.raises(ValidationError):
        record_notice(
            restriction=row, via="post", actor=dpo, told_on=timezone.localdate() + dt.timedelta(days=distance)
        )


def test_the_database_refuses_to_lift_a_restriction_silently(jana: Contact, dpo: User) -> None:
    row = restricted(jana, dpo)
    for silently in (
        lambda: Contact.objects.filter(pk=jana.pk).update(restricted_at=None),
        lambda: Restriction.objects.filter(pk=row.pk).update(lifted_at=timezone.now(), lifted_by_id=dpo.pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            silently()
    assert Contact.objects.get().is_restricted


def test_a_restriction_until_the_balance_waits_for_the_balance(petra: User, dpo: User) -> None:
    jana = make.contact(petra, ground=NewGround(purpose=make.purpose("enquiry")))
    objection = object_to_processing(contact=jana, purpose=make.purpose("enquiry"), reason="", actor=petra)
    row = restricted(jana, dpo, RestrictionReason.OBJECTION)
    record_notice(restriction=row, via="email", actor=dpo)
    with pytest.raises(ValidationError):
        lift(restriction=row, actor=dpo)
    decide_objection(objection=objection, outcome="upheld", decision="Nepřevažuje.", actor=dpo)
    lift(restriction=row, actor=dpo)
    assert not Contact.objects.get().is_restricted


def test_a_card_is_restricted_once_and_its_history_stays(jana: Contact, dpo: User) -> None:
    row = restricted(jana, dpo)
    with pytest.raises(ValidationError):
        restricted(jana, dpo)
    record_notice(restriction=row, via="phone", actor=dpo)
    lift(restriction=row, actor=dpo)
    with pytest.raises(ValidationError):
        lift(restriction=row, actor=dpo)
    restricted(jana, dpo, RestrictionReason.CLAIMS)
    assert [(r.reason, r.is_open) for r in Restriction.objects.order_by("placed_at")] == [
        ("accuracy", False),
        ("claims", True),
    ]


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_officer_restricts_tells_and_lifts_on_one_page(jana: Contact, petra: User, dpo: User, client_of) -> None:
    browser = client_of(dpo)
    page = reverse("gdpr_requests:restriction", args=[jana.pk])
    assert page in browser.get(jana.get_absolute_url()).content.decode()
    assert browser.post(page, {}).status_code == 422
    assert browser.post(page, {"reason": "claims", "note": "Pře."}).status_code == 302
    assert "Processing is restricted." in client_of(petra).get(jana.get_absolute_url()).content.decode()
    lifting = reverse("gdpr_requests:restriction_lift", args=[jana.pk])
    browser.post(lifting)
    assert Contact.objects.get().is_restricted
    telling = reverse("gdpr_requests:restriction_notice", args=[jana.pk])
    day = timezone.localdate()
    assert (
        browser.post(telling, {"via": "phone", "told_on": (day + dt.timedelta(days=1)).isoformat()}).status_code == 422
    )
    assert browser.post(telling, {"via": "phone", "told_on": day.isoformat()}).status_code == 302
    assert browser.post(lifting).status_code == 302
    assert not Contact.objects.get().is_restricted
    assert "Dpo Pověřená" in browser.get(page).content.decode()


def test_whoever_may_not_see_the_card_finds_no_restriction(jana: Contact, cizi: User, dpo: User, client_of) -> None:
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    restricted(jana, dpo)
    assert client_of(cizi).get(jana.get_absolute_url()).status_code == 404


def test_the_models_say_which_writes_there_are() -> None:
    """A new service of the contacts' room must come through the door too: this list is where one notices."""

    files = {path.stem for path in Path(services.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == {"channels", "correct", "door", "files", "index", "new", "owners", "timeline"}
    assert {Phone, TimelineEntry} <= {field.related_model for field in Contact._meta.related_objects}

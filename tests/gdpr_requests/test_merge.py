"""Two cards of one person become one without losing grounds, consents or history."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from consents.gate import may_contact
from consents.models import Consent, ConsentEvent, LegalGround
from contacts.models import Contact
from contacts.services.correct import set_tags
from contacts.services.timeline import add_entry
from gdpr_requests.services.merge import merge_contacts
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(manager: User) -> tuple[Contact, Contact]:
    kept = make.contact(manager)
    other = make.contact(
        manager,
        last_name="Nováková-Malá",
        email="jana.mala@drevo.example",
        position="ředitelka",
        ground=make.consent_ground(),
    )
    set_tags(contact=other, names=["VIP"], actor=manager)
    add_entry(contact=other, kind="note", actor=manager, body="Chce dub.")
    Task.objects.create(key=other.key, contact=other, title="Zavolat", due_on=timezone.localdate())
    return kept, other


def test_a_merged_card_has_everything_of_both(pair, manager: User) -> None:
    kept, other = pair
    merged = merge_contacts(kept=kept, other=other, take={"last_name": True}, actor=manager)
    merged = Contact.objects.get(pk=merged.pk)
    assert (merged.last_name, merged.position) == ("Nováková-Malá", "ředitelka")
    assert sorted(e.value for e in merged.emails.all()) == ["jana.mala@drevo.example", "jana@drevo.example"]
    assert [p.value for p in merged.phones.all()] == ["+420603111222"]
    assert [t.name for t in merged.tags.all()] == ["VIP"]
    assert {g.basis for g in LegalGround.objects.of_contact(merged.pk)} == {"contract", "consent"}
    assert ConsentEvent.objects.filter(subject__contact=merged).count() == 1
    assert {e.body for e in merged.timeline.all()} == {"Chce dub.", "příjmení: Nováková"}
    assert [t.title for t in Task.objects.filter(contact=merged, title__isnull=False) if t.title] == ["Zavolat"]
    assert may_contact(merged, "jana@drevo.example", make.purpose("newsletter")).allowed


def test_the_old_address_leads_to_the_merged_card_and_search_finds_both_names(pair, manager: User, client_of) -> None:
    kept, other = pair
    old = other.get_absolute_url()
    merge_contacts(kept=kept, other=other, take={}, actor=manager)
    answer = client_of(manager).get(old)
    assert (answer.status_code, answer["Location"]) == (302, kept.get_absolute_url())
    assert list(Contact.objects.all().matching("jana.mala@drevo.example")) == [kept]


def test_a_value_that_only_the_other_card_has_is_taken_over(pair, manager: User) -> None:
    kept, other = pair
    merge_contacts(kept=kept, other=other, take={}, actor=manager)
    kept.refresh_from_db()
    assert (kept.last_name, kept.position) == ("Nováková", "ředitelka")
    assert "Nováková-Malá" in kept.timeline.get(kind="system").body


def test_an_objection_on_either_card_binds_the_merged_one(pair, manager: User) -> None:
    from consents.services.ledger import withdraw

    kept, other = pair
    withdraw(contact=other, purpose=make.purpose("newsletter"), actor=manager)
    merged = merge_contacts(kept=kept, other=other, take={}, actor=manager)
    assert not may_contact(merged, "jana.mala@drevo.example", make.purpose("newsletter")).allowed
    assert Consent.objects.filter(subject__contact=merged).count() == 1


def test_a_restricted_card_is_not_merged(pair, manager: User) -> None:
    kept, other = pair
    Contact.objects.filter(pk=other.pk).update(restricted_at=timezone.now())
    with pytest.raises(ValidationError):
        merge_contacts(kept=kept, other=other, take={}, actor=manager)
    assert Contact.objects.count() == 2


def test_a_person_is_not_merged_with_a_firm_nor_with_itself(pair, manager: User) -> None:
    kept, _other = pair
    firm = make.contact(manager, kind="organisation", organisation_name="Pila", email="p@p.example")
    for wrong in (firm, kept):
        with pytest.raises(ValidationError):
            merge_contacts(kept=kept, other=wrong, take={}, actor=manager)


def test_the_page_offers_the_likely_card_and_merges_what_was_chosen(pair, manager: User, client_of) -> None:
    kept, other = pair
    browser = client_of(manager)
    offered = browser.get(reverse("gdpr_requests:merge_choose", args=[kept.pk])).context["offered"]
    assert offered == [other]  # the same phone
    address = reverse("gdpr_requests:merge", args=[kept.pk, other.pk])
    assert [row["name"] for row in browser.get(address).context["rows"]] == ["last_name", "position"]
    assert browser.post(address, {"last_name": "other"}).status_code == 302
    assert [c.last_name for c in Contact.objects.all()] == ["Nováková-Malá"]

"""law.md on offers: the existing-customer exception and what a purpose in use may not become."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from consents.gate import may_contact, may_contact_each
from consents.lights import lights, marketing_refusals
from consents.models import Channel, Consent, EventKind, LegalGround, Purpose
from consents.rules import TEXTS, Rule
from consents.services.ledger import record_event
from consents.services.purposes import PurposeInUse, save_purpose
from consents.services.suppression import suppress
from contacts.models import EmailAddress, Source
from tests import make

pytestmark = pytest.mark.django_db

NOT_FROM_A_SALE = sorted(set(Source.values) - {Source.SALE} - Source.public())


@pytest.mark.parametrize("source", NOT_FROM_A_SALE)
def test_existing_customer_address_got_with_a_sale_and_with_nothing_else(petra: User, source: str) -> None:
    offers = make.purpose("existing-customer")
    jana = make.contact(petra, source=source)
    assert may_contact(jana, "jana@drevo.example", offers).rule == Rule.NOT_FROM_SALE
    assert [a.rule for _c, _v, a in may_contact_each([jana], offers, channel=Channel.EMAIL)] == [Rule.NOT_FROM_SALE]


def test_existing_customer_the_address_of_the_sale_is_chosen_from_several(petra: User) -> None:
    offers = make.purpose("existing-customer")
    jana = make.contact(petra, source=Source.ENQUIRY)
    EmailAddress.objects.create(key=jana.key, contact=jana, value="faktury@drevo.example", source=Source.SALE)
    found = [(address, a.rule) for _c, address, a in may_contact_each([jana], offers, channel=Channel.EMAIL)]
    assert found == [("faktury@drevo.example", Rule.EXISTING_CUSTOMER)]
    assert may_contact(jana, "jana@drevo.example", offers).rule == Rule.NOT_FROM_SALE


def test_existing_customer_the_card_says_that_the_address_came_from_elsewhere(petra: User) -> None:
    jana = make.contact(petra, source=Source.ENQUIRY)
    shown = lights(jana)
    email = next(light for light in shown if light.channel == Channel.EMAIL)
    told = {answer.purpose_name: answer.rule for answer in email.marketing}
    assert told["Nabídky zákazníkům"] == Rule.NOT_FROM_SALE
    assert [(r.purposes, r.decision.rule) for r in marketing_refusals(shown)] == [
        (["Nabídky zákazníkům"], Rule.NOT_FROM_SALE)
    ]
    with override("en"):
        assert str(TEXTS[Rule.NOT_FROM_SALE]) == "the address was not got with a sale"


def test_existing_customer_lines_of_goods_are_apart_from_the_first_day() -> None:
    make.purpose("contract")
    lines = dict(Purpose.objects.exclude(product_line="").values_list("slug", "product_line"))
    assert lines == {"newsletter": "novinky", "contract": "sluzby", "existing-customer": "sluzby"}


def _ground(petra: User, purpose: Purpose) -> None:
    make.contact(petra, ground=make.consent_ground(purpose.slug))


def _word(petra: User, purpose: Purpose) -> None:
    record_event(contact=make.contact(petra), purpose=purpose, kind=EventKind.REFUSED, evidence=make.PAPER, actor=petra)
    assert not LegalGround.objects.filter(purpose=purpose).exists()
    assert Consent.objects.filter(purpose=purpose).exists()


def _suppression(petra: User, purpose: Purpose) -> None:
    suppress(addresses=["x@y.example"], scope="purpose", purpose=purpose, reason="withdrawal", actor=petra)


@pytest.mark.parametrize("held", [_ground, _word, _suppression])
@pytest.mark.parametrize("change", [("basis", "contract"), ("product_line", "furniture"), ("is_marketing", False)])
def test_a_purpose_that_people_were_told_of_keeps_its_basis_line_and_whether_it_is_marketing(
    petra: User, dpo: User, client_of, held, change: tuple[str, object]
) -> None:
    field, value = change
    purpose = make.new_purpose("courses", is_marketing=True, product_line="courses")
    held(petra, purpose)
    was = getattr(purpose, field)
    setattr(purpose, field, value)
    with pytest.raises(PurposeInUse) as refused:
        save_purpose(purpose=purpose, actor=dpo, changed=[field])
    assert refused.value.fields == [field]
    assert getattr(Purpose.objects.get(pk=purpose.pk), field) == was
    page = client_of(dpo).get(reverse("consents:purpose_edit", args=["courses"]))
    assert page.context["form"].fields[field].disabled


def test_a_purpose_that_nobody_was_told_of_is_changed_freely(dpo: User) -> None:
    purpose = make.new_purpose("courses", is_marketing=True, product_line="courses")
    purpose.product_line, purpose.basis = "furniture", "contract"
    save_purpose(purpose=purpose, actor=dpo, changed=["product_line", "basis"])
    assert Purpose.objects.get(slug="courses").product_line == "furniture"

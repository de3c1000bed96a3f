"""The purposes a Czech company starts with: defaults to edit, not law carved in code."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from consents.models import BalancingTest, Basis, Purpose, StartEvent
from consents.services.purposes import publish_notice

TESTS: dict[str, dict[str, Any]] = {
    "enquiry": {
        "name": "Odpověď na poptávku",
        "interest": "Odpovědět člověku, který se nás sám na něco zeptal, a navázat na jeho poptávku.",
        "necessity": "Bez jména a spojení odpovědět nelze; jiný šetrnější způsob není.",
        "balance": "Člověk odpověď očekává, údaje dal sám, kdykoli může říct dost. Citlivé údaje nežádáme.",
    },
    "existing-customer": {
        "name": "Nabídky stávajícím zákazníkům",
        "interest": "Nabídnout zákazníkovi zboží a služby podobné tomu, co už u nás koupil.",
        "necessity": "Píšeme jen na adresu získanou při prodeji a jen o podobném zboží; méně zasahující cesta není.",
        "balance": "Zákazník to může čekat; v každé zprávě i při nákupu může zdarma odmítnout.",
    },
    "claims": {
        "name": "Obrana právních nároků",
        "interest": "Doložit po dobu promlčení, co jsme ujednali a splnili.",
        "necessity": "Držíme jen doklady ke smlouvě, a to po dobu, kdy lze nárok uplatnit.",
        "balance": "Údaje používáme jen ve sporu, přístup k nim mají jen pověření lidé.",
    },
}

# What a company sells falls into lines; offers without consent stay within the one that the customer bought from. The
# contract and the offers to customers name the same line because the one allows the other. A second line of goods is a
# second pair of purposes. A consent says by itself what it is for, so the newsletter borrows nobody's line.
SERVICES, NEWS = "sluzby", "novinky"

PURPOSES: list[dict[str, Any]] = [
    {
        "slug": "newsletter",
        "name": "Newsletter",
        "description": "Posíláme novinky a nabídky e-mailem tomu, kdo o ně stojí.",
        "basis": Basis.CONSENT,
        "categories": ["identity", "contact", "preferences"],
        "retention_months": 24,
        "retention_reason": "Po dvou letech se ptáme znovu, zda o novinky ještě stojíte.",
        "start_event": StartEvent.CONSENT_GIVEN,
        "channels": ["email"],
        "is_marketing": True,
        "product_line": NEWS,
        "notice": "Souhlasím, aby mi {company} posílala e-mailem novinky a nabídky, a to dva roky. "
        "Souhlas mohu kdykoli odvolat, stejně snadno, jako jsem ho dal.",
    },
    {
        "slug": "enquiry",
        "name": "Poptávka",
        "description": "Odpovídáme na dotaz nebo poptávku a připravujeme nabídku.",
        "basis": Basis.LEGITIMATE_INTEREST,
        "legal_reference": "zákon č. 480/2004 Sb., § 2 písm. f)",
        "categories": ["identity", "contact", "professional", "communication"],
        "retention_months": 12,
        "retention_reason": "Rok je doba, po kterou se k poptávkám vracíte.",
        "start_event": StartEvent.LAST_CONTACT,
        "channels": ["email", "phone"],
        "test": "enquiry",
    },
    {
        "slug": "contract",
        "name": "Plnění smlouvy",
        "description": "Dodáváme, co jsme si ve smlouvě ujednali, a komunikujeme o tom.",
        "basis": Basis.CONTRACT,
        "categories": ["identity", "contact", "professional", "communication", "contract", "documents"],
        "retention_months": 36,
        "retention_reason": "Tři roky po skončení smlouvy běží obecná promlčecí lhůta (zákon č. 89/2012 Sb., § 629).",
        "start_event": StartEvent.CONTRACT_ENDED,
        "channels": ["email", "phone", "sms", "post"],
        "product_line": SERVICES,
    },
    {
        "slug": "accounting",
        "name": "Účetnictví",
        "description": "Uchováváme účetní doklady, jak ukládá zákon.",
        "basis": Basis.LEGAL_OBLIGATION,
        "legal_reference": "zákon č. 563/1991 Sb., § 31 odst. 2",
        "categories": ["identity", "contact", "financial"],
        "recipients": "účetní a daňový poradce\nfinanční úřad",
        "retention_months": 60,
        "retention_reason": "Pět let od konce účetního období.",
        "start_event": StartEvent.ACCOUNTING_PERIOD_END,
        "channels": ["email", "post"],
    },
    {
        "slug": "vat",
        "name": "Daňové doklady (DPH)",
        "description": "Uchováváme daňové doklady, jak ukládá zákon o dani z přidané hodnoty.",
        "basis": Basis.LEGAL_OBLIGATION,
        "legal_reference": "zákon č. 235/2004 Sb., § 35",
        "categories": ["identity", "contact", "financial"],
        "recipients": "účetní a daňový poradce\nfinanční úřad",
        "retention_months": 120,
        "retention_reason": "Deset let od konce zdaňovacího období.",
        "start_event": StartEvent.ACCOUNTING_PERIOD_END,
        "channels": ["email", "post"],
    },
    {
        "slug": "existing-customer",
        "name": "Nabídky zákazníkům",
        "description": "Zákazníkům nabízíme zboží a služby podobné těm, které u nás už koupili.",
        "basis": Basis.LEGITIMATE_INTEREST,
        "legal_reference": "zákon č. 480/2004 Sb., § 7 odst. 3",
        "categories": ["identity", "contact", "contract"],
        "retention_months": 36,
        "retention_reason": "Tři roky od posledního nákupu; pak už nabídku čekat nemusíte.",
        "start_event": StartEvent.LAST_CONTACT,
        "channels": ["email"],
        "is_marketing": True,
        "product_line": SERVICES,
        "existing_customer": True,
        "test": "existing-customer",
    },
    {
        "slug": "recruitment",
        "name": "Výběrová řízení",
        "description": "Evidujeme uchazeče, kteří chtějí, abychom se jim s nabídkou práce ozvali.",
        "basis": Basis.CONSENT,
        "categories": ["identity", "contact", "professional", "documents"],
        "retention_months": 12,
        "retention_reason": "Životopis po roce zastará.",
        "start_event": StartEvent.CONSENT_GIVEN,
        "channels": ["email", "phone"],
        "notice": "Souhlasím, aby {company} uchovala můj životopis rok a ozvala se mi s nabídkou práce. "
        "Souhlas mohu kdykoli odvolat.",
    },
    {
        "slug": "claims",
        "name": "Právní nároky",
        "description": "Uchováváme doklady, které potřebujeme, kdyby došlo ke sporu.",
        "basis": Basis.LEGITIMATE_INTEREST,
        "legal_reference": "zákon č. 89/2012 Sb., §§ 629 a 636",
        "categories": ["identity", "contract", "documents"],
        "retention_months": 120,
        "retention_reason": "Nejdelší promlčecí lhůta je deset let.",
        "start_event": StartEvent.CONTRACT_ENDED,
        "channels": ["email", "post"],
        "test": "claims",
    },
]


@transaction.atomic
def ensure_presets(company: str = "naše společnost") -> int:
    """Add the presets that are not there yet, by slug; what a company has edited is never touched again.

    Only an installation with no purpose at all gets them: one that deleted a preset does not see it come back.
    """
    if Purpose.objects.exists():
        return 0
    today = dt.date.today()  # noqa: DTZ011 - a date of record, the local day of the installation
    tests = {
        slug: BalancingTest.objects.create(
            **values,
            dated=today.replace(year=today.year - 3),
            outcome=BalancingTest.Outcome.PREVAILS,
            review_on=today + dt.timedelta(days=365),
        )
        for slug, values in TESTS.items()
    }
    for row in PURPOSES:
        values = dict(row)
        notice = values.pop("notice", "")
        test = values.pop("test", "")
        purpose = Purpose.objects.create(**values, balancing_test=tests.get(test))
        if notice:
            publish_notice(purpose=purpose, language="cs", text=notice.format(company=company), actor=None)
    return len(PURPOSES)

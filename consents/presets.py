"""The purposes a Czech company starts with: defaults to edit, not law carved in code."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Installation
from audit.services import record
from consents import presets_en
from consents.models import BalancingTest, Basis, Purpose, StartEvent
from consents.periods import add_months
from consents.services.purposes import publish_notice

if TYPE_CHECKING:
    from accounts.models import User

TESTS: dict[str, dict[str, Any]] = {
    "enquiry": {
        "name": "Odpověď na poptávku",
        "interest": "Odpovědět člověku, který se nás sám na něco zeptal, a navázat na jeho poptávku.",
        "benefit": "Tazatel dostane odpověď a nabídku, my můžeme získat zákazníka.",
        "importance": "Bez odpovědí na poptávky bychom nemohli podnikat; tazatel by se odpovědi nedočkal.",
        "necessity": "Na poptávku odpovídáme tím, že ji a spojení na tazatele uchováme, než je vyřízena.",
        "proportion": "Uchováváme jen jméno, spojení a to, na co se člověk ptal, nejvýše rok od poslední zprávy.",
        "gentler_way": "Bez jména a spojení odpovědět nelze. Souhlas by byl nadbytečný: člověk se zeptal sám.",
        "sensitivity": "Běžné kontaktní a pracovní údaje. Citlivé údaje nežádáme.",
        "relationship": "Tazatel se na nás obrátil sám a údaje nám dal.",
        "expectations": "Odpověď čeká. O zpracování si může přečíst na naší stránce o osobních údajích.",
        "impact": "Malý: nejvýše mu zavoláme nebo napíšeme o věci, na kterou se ptal.",
        "children": "Poptávky dětí neočekáváme; takovou poptávku vyřídíme se zákonným zástupcem.",
        "opt_out": "Kdykoli může říct dost; poptávku pak uzavřeme a údaje smažeme.",
        "balance": "Člověk odpověď očekává, údaje dal sám a zásah je malý. Náš zájem převažuje.",
    },
    "existing-customer": {
        "name": "Nabídky stávajícím zákazníkům",
        "interest": "Nabídnout zákazníkovi zboží a služby podobné tomu, co už u nás koupil.",
        "benefit": "Zákazník se dozví o zboží, které se hodí k jeho nákupu; nám to přináší další zakázky.",
        "importance": "Opakované nákupy jsou podstatnou částí našich tržeb.",
        "necessity": "Zákazníka oslovujeme e-mailem, který nám dal při nákupu.",
        "proportion": "Píšeme jen na adresu získanou při prodeji, jen o podobném zboží a nejvýše tři roky po nákupu.",
        "gentler_way": "Plošná reklama by zasáhla i ty, kdo u nás nic nekoupili; méně zasahující cesta není.",
        "sensitivity": "Jméno, e-mail a co zákazník koupil. Žádné citlivé údaje.",
        "relationship": "Zákazník u nás nakoupil a adresu nám dal sám.",
        "expectations": "Podobnou nabídku může čekat: při nákupu jsme mu ji oznámili a mohl ji odmítnout.",
        "impact": "Malý: e-mail navíc, který lze jedním krokem odhlásit.",
        "children": "Naše zboží není určeno dětem.",
        "opt_out": "V každé zprávě i při nákupu může nabídky zdarma odmítnout; odmítnutí platí hned a natrvalo.",
        "balance": "Zásah je malý, zákazník ho může čekat a snadno odmítnout. Náš zájem převažuje.",
    },
    "claims": {
        "name": "Obrana právních nároků",
        "interest": "Doložit po dobu promlčení, co jsme ujednali a splnili.",
        "benefit": "Obě strany mohou doložit, co platilo; spor se rozhodne podle skutečnosti.",
        "importance": "Bez dokladů bychom se nemohli bránit neoprávněnému nároku ani uplatnit svůj.",
        "necessity": "Uchované doklady jsou obvykle jediným důkazem o tom, co bylo ujednáno.",
        "proportion": "Držíme jen doklady ke smlouvě, a to po dobu, kdy lze nárok uplatnit.",
        "gentler_way": "Kratší doba nebo neúplné doklady by obranu znemožnily.",
        "sensitivity": "Údaje ze smlouvy a dokladů k ní, i platební. Žádné zvláštní kategorie.",
        "relationship": "Smluvní strana nebo její zástupce.",
        "expectations": "Že si smluvní strana doklady ponechá, je obvyklé.",
        "impact": "Malý: doklady leží stranou a nikdo s nimi nepracuje.",
        "children": "Děti se to netýká.",
        "opt_out": "Námitku posoudíme jednotlivě; doklady vydáme jen soudu a těm, kdo nás zastupují.",
        "balance": "Údaje používáme jen ve sporu, přístup k nim mají jen pověření lidé. Náš zájem převažuje.",
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
        "people": "lidé, kteří si novinky vyžádali",
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
        "people": "lidé, kteří se na nás obrátili s dotazem nebo poptávkou",
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
        "people": "zákazníci, dodavatelé a lidé, kteří za ně jednají",
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
        "people": "zákazníci a dodavatelé",
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
        "people": "zákazníci a dodavatelé",
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
        "people": "zákazníci",
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
        "people": "uchazeči o práci",
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
        "people": "zákazníci a dodavatelé, bývalí i současní",
        "categories": ["identity", "contract", "documents"],
        "retention_months": 120,
        "retention_reason": "Nejdelší promlčecí lhůta je deset let.",
        "start_event": StartEvent.CONTRACT_ENDED,
        "channels": ["email", "post"],
        "test": "claims",
    },
]


@transaction.atomic
def ensure_presets(company: str = "", language: str = "cs") -> int:
    """Add the presets, their words in that language ("cs" or "en"); returns how many.

    Only an installation with no purpose at all gets them: one that deleted a preset does not see it come back, and
    what a company has edited is never touched.
    """
    if Purpose.objects.exists():
        return 0
    english = language == "en"
    company = company or ("our company" if english else "naše společnost")
    tests = {slug: _add_test({**row, **(presets_en.TESTS[slug] if english else {})}) for slug, row in TESTS.items()}
    for row in PURPOSES:
        values = {**row, **(presets_en.PURPOSES[row["slug"]] if english else {})}
        notice = values.pop("notice", "")
        purpose = Purpose.objects.create(balancing_test=tests.get(values.pop("test", "")), **values)
        if notice:
            publish_notice(purpose=purpose, language=language, text=notice.format(company=company), actor=None)
    return len(PURPOSES)


@transaction.atomic
def begin_with_presets(*, language: str, actor: User) -> int:
    """The presets for an installation that has no purpose, in the name of the company; returns how many."""
    added = ensure_presets(Installation.current().name, language)
    if added:
        record("purpose.presets_added", actor=actor, detail={"count": added})
    return added


def _add_test(words: dict[str, Any]) -> BalancingTest:
    """A test dated before any processing that an import could bring in."""
    today = timezone.localdate()
    return BalancingTest.objects.create(
        **words,
        dated=add_months(today, -36),
        outcome=BalancingTest.Outcome.PREVAILS,
        review_on=today + dt.timedelta(days=365),
    )

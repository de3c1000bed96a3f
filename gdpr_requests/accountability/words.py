"""Sentences that the notice and the record of processing say alike."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import Basis, DataCategory, Purpose, StartEvent
from consents.periods import length_text
from gdpr_requests.export.document import Facts
from gdpr_requests.export.information import recipients_of_purpose
from gdpr_requests.export.values import article_text, category_label


def controller_facts(own: Installation) -> Facts:
    """The company and its officer, as people reach them (Art. 13(1)(a), (b); 30(1)(a))."""
    pairs = [
        (gettext("Company"), own.name),
        (gettext("IČO"), own.registration_number),
        (gettext("Address"), own.address),
        (gettext("E-mail"), own.email),
        (gettext("Phone"), own.phone),
        (gettext("Data protection officer"), own.dpo_contact),
    ]
    return [(term, value) for term, value in pairs if value]


def basis_text(purpose: Purpose) -> str:
    """„souhlas (čl. 6 odst. 1 písm. a) GDPR)“, and the condition of Art. 9(2) where there is one."""
    basis = Basis(purpose.basis)
    text = f"{basis.label} ({article_text(f'6(1)({basis.letter})')})"
    if purpose.special_condition:
        text += f"; {gettext('special categories')}: {article_text(f'9(2)({purpose.special_condition})')}"
    return text


def period_text(purpose: Purpose) -> str:
    """How long and counted from what, with the reason: „2 roky od udělení souhlasu. Po dvou letech …“"""
    starts = {
        StartEvent.COLLECTED: gettext("%(length)s from when we got the data"),
        StartEvent.CONSENT_GIVEN: gettext("%(length)s from when the consent was given"),
        StartEvent.CONTRACT_ENDED: gettext("%(length)s from the end of the contract"),
        StartEvent.LAST_CONTACT: gettext("%(length)s from the last contact"),
        StartEvent.ACCOUNTING_PERIOD_END: gettext("%(length)s from the end of the accounting period"),
    }
    words = starts[StartEvent(purpose.start_event)] % {"length": length_text(purpose.retention_months)}
    return f"{words}. {purpose.retention_reason}"


def categories_text(purpose: Purpose) -> str:
    """The categories of data in words, in the order in which the product knows them."""
    return ", ".join(category_label(code) for code in DataCategory.values if code in purpose.categories)


def recipients_text(purpose: Purpose) -> str:
    return ", ".join(recipients_of_purpose(purpose)) or gettext("nobody outside the company")


def joined(texts: Iterable[str]) -> str:
    """The different lines of these texts, each once, in order."""
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return "\n".join(dict.fromkeys(lines))

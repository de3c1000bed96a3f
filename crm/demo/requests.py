"""A few requests of the demo's people, so that the desk has something to show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from contacts.models import Contact, EmailAddress
from gdpr_requests.desk.services import open_request
from gdpr_requests.models import DataSubjectRequest

# Right, way, days since it came, words.
ASKED = {
    "cs": [
        ("erasure", "email", 3, "Dobrý den,\nvymažte prosím všechno, co o mně vedete. Děkuji."),
        ("access", "phone", 24, "Volá, jaké údaje o ní máme a komu jsme je předali."),
        ("rectification", "email", 12, "Změnila jsem příjmení, opravte si ho prosím."),
    ],
    "en": [
        ("erasure", "email", 3, "Hello,\nplease delete everything you hold about me. Thank you."),
        ("access", "phone", 24, "Calls to ask which data we hold and who has them."),
        ("rectification", "email", 12, "My surname has changed, please correct it."),
    ],
}


def ask(contacts: Sequence[Contact], language: str) -> list[DataSubjectRequest]:
    """One request each of the first few people."""
    people = [contact for contact in contacts if contact.kind == Contact.Kind.PERSON]
    asked = zip(people, ASKED[language], strict=False)
    return [_asked(contact, *words, language=language) for contact, words in asked]


def _asked(contact: Contact, right: str, channel: str, days: int, text: str, *, language: str) -> DataSubjectRequest:
    email = EmailAddress.objects.filter(contact=contact).first()
    return open_request(
        right=right,
        channel=channel,
        received_on=timezone.localdate() - dt.timedelta(days=days),
        requester_name=contact.display_name,
        requester_address=email.value if email else "",
        text=text,
        language=language,
        contact=contact,
        actor=None,
    )

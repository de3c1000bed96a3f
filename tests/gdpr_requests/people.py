"""A card with one planted value in every place that can hold one."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Installation, User
from consents.models import Method, NoticeVersion
from consents.services.grounds import open_ground
from consents.services.ledger import Evidence, give, withdraw
from contacts.models import Contact, PostalAddress, StoredFile
from contacts.services.correct import set_channels, set_tags
from contacts.services.files import add_file
from contacts.services.timeline import add_entry
from tasks.services import create_task
from tests import make

PLANTED = {
    "title": "JUDr.",
    "first name": "Žofie",
    "last name": "Řehořová-Čápská",
    "salutation": "Vážená paní Čápská",
    "position": "vedoucí včelnice",
    "birth date": "1979-03-27",
    "source": "veletrh medu v Kolíně",
    "e-mail": "zofie.capska@vcely.example",
    "phone": "+420777000321",
    "street": "Medová 7",
    "town": "Třebíč",
    "contract": "SML-77/2024",
    "subject of a call": "Reklamace sudu",
    "note": "Volala, že sud číslo 4417 teče.",
    "task": "Poslat Žofii nový sud",
    "evidence": "formulář B-0099",
    "file name": "kupní smlouva Čápská.txt",
}
FILE_CONTENT = "Smlouva o medu, strana Žofie Čápská.".encode()


@dataclass(frozen=True)
class Planted:
    """What the tests ask for by name."""

    contact: Contact
    file: StoredFile
    notice: NoticeVersion


def planted(owner: User) -> Planted:
    """Žofie: every kind of row that a card can have, made by the services of daily work."""
    Installation.objects.update_or_create(
        id=1, defaults={"name": "Medárna s. r. o.", "email": "gdpr@medarna.example", "address": "Úlová 1, Kolín"}
    )
    contact = make.contact(
        owner,
        title_before=PLANTED["title"],
        first_name=PLANTED["first name"],
        last_name=PLANTED["last name"],
        salutation=PLANTED["salutation"],
        position=PLANTED["position"],
        birth_date=dt.date.fromisoformat(PLANTED["birth date"]),
        source_detail=PLANTED["source"],
        email=PLANTED["e-mail"],
        phone=PLANTED["phone"],
        ground=make.NewGround(purpose=make.purpose("contract"), values={"reference": PLANTED["contract"]}),
    )
    address = {"street": PLANTED["street"], "city": PLANTED["town"], "postcode": "674 01", "country": "Česko"}
    set_channels(contact=contact, model=PostalAddress, rows=[address], actor=owner)
    set_tags(contact=contact, names=["včelaři"], actor=owner)
    add_entry(
        contact=contact,
        kind="call",
        direction="in",
        subject=PLANTED["subject of a call"],
        body=PLANTED["note"],
        actor=owner,
    )
    create_task(
        title=PLANTED["task"],
        assignee=owner,
        due_on=timezone.localdate() + dt.timedelta(days=3),
        actor=owner,
        contact=contact,
    )
    file = add_file(
        contact=contact,
        stream=io.BytesIO(FILE_CONTENT),
        name=PLANTED["file name"],
        content_type="text/plain",
        actor=owner,
    )
    return Planted(contact, file, _consents(contact, owner))


def _consents(contact: Contact, owner: User) -> NoticeVersion:
    """An accounting duty, a consent given to the text shown, and one withdrawn."""
    open_ground(contact=contact, purpose=make.purpose("accounting"), actor=owner)
    newsletter = make.purpose("newsletter")
    notice = NoticeVersion.objects.get(purpose=newsletter)
    evidence = Evidence(method=Method.PAPER, reference=PLANTED["evidence"], notice=notice)
    give(contact=contact, purpose=newsletter, evidence=evidence, actor=owner, channel="email")
    give(contact=contact, purpose=make.purpose("recruitment"), evidence=evidence, actor=owner)
    withdraw(contact=contact, purpose=make.purpose("recruitment"), actor=owner)
    return notice

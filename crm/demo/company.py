"""The demo company: its people, their roles and its purposes."""

from __future__ import annotations

from django.contrib.auth.models import Group

from accounts import roles
from accounts.models import Installation, Team, User
from consents.models import BalancingTest, Purpose
from consents.presets import ensure_presets

DOMAIN = "drevo-sazava.example"
PEOPLE = [
    ("Petr Dvořák", "petr.dvorak", roles.STAFF, "sales"),
    ("Eva Malá", "eva.mala", roles.STAFF, "sales"),
    ("Tomáš Novotný", "tomas.novotny", roles.STAFF, "service"),
    ("Jana Králová", "jana.kralova", roles.MANAGER, "sales"),
    ("Lenka Bílá", "lenka.bila", roles.DPO, None),
    ("Karel Hrubý", "karel.hruby", roles.AUDITOR, None),
]
MAILBOX = {"cs": "osobni-udaje", "en": "privacy"}
COMPANY = {"cs": "Dřevovýroba Sázava s. r. o.", "en": "Sázava Joinery Ltd"}
TEAMS = {"cs": {"sales": "Obchod", "service": "Servis"}, "en": {"sales": "Sales", "service": "Service"}}


def build_company(language: str, password: str) -> list[User]:
    """The installation, its teams, colleagues and purposes; returns the colleagues who own contacts."""
    Installation.objects.get_or_create(
        id=1,
        defaults={
            "name": COMPANY[language],
            "registration_number": "27082440",
            "address": "Nádražní 12, 285 06 Sázava",
            "email": f"{MAILBOX[language]}@{DOMAIN}",
            "dpo_contact": f"Lenka Bílá, lenka.bila@{DOMAIN}",
        },
    )
    teams = {code: Team.objects.get_or_create(name=name)[0] for code, name in TEAMS[language].items()}
    users = [_colleague(*row, teams=teams, language=language, password=password) for row in PEOPLE]
    ensure_presets({"cs": "Dřevovýroba Sázava", "en": "Sázava Joinery"}[language], language)
    officer = users[4]
    Purpose.objects.filter(owner=None).update(owner=officer)
    BalancingTest.objects.filter(owner=None).update(owner=officer)
    return users[:4]


def _colleague(
    name: str, mailbox: str, role: str, team: str | None, *, teams: dict[str, Team], language: str, password: str
) -> User:
    email = f"{mailbox}@{DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, full_name=name, team=teams.get(team or ""), language=language)
        user.groups.add(*Group.objects.filter(name=role))
    return user

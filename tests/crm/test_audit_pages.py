"""The audit as people read it: in words, filtered, and without a single value."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Installation, User
from audit.models import AuditEvent
from contacts.services.correct import correct_card
from crm.audit_list import PER_PAGE
from crm.audit_words import ACTIONS
from tests import make

pytestmark = pytest.mark.django_db
AUDIT = "/reports/audit/"


def codes_in_source() -> set[str]:
    """Every action that the code records."""
    found: set[str] = set()
    for path in Path(settings.BASE_DIR).glob("*/**/*.py"):
        if path.parts[len(Path(settings.BASE_DIR).parts)] in ("tests", ".venv", "var"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "record",
                "record_many",
            ):
                found |= {
                    text.value
                    for argument in node.args[:1]
                    for text in ast.walk(argument)
                    if isinstance(text, ast.Constant) and isinstance(text.value, str)
                }
    return {code for code in found if re.fullmatch(r"[a-z_]+\.[a-z_]+", code)}


def test_every_action_that_is_recorded_has_words() -> None:
    assert codes_in_source() - ACTIONS.keys() == set()


def test_a_view_and_a_change_are_read_in_words_and_fields_without_values(petra: User, dpo: User, client_of) -> None:
    jana = make.contact(petra)
    client_of(petra).get(jana.get_absolute_url())
    correct_card(contact=jana, values={"last_name": "Tajnáčková"}, actor=petra)
    page = client_of(dpo).get(AUDIT)
    text = page.content.decode()
    assert "viewed a card" in text
    assert "corrected a card" in text
    assert "last_name" in text
    told = [(line.who, line.what) for line in page.context["lines"]]
    assert (str(petra), "viewed a card") in told
    assert "Tajnáčková" in text  # the link to the card that the officer may see
    download = b"".join(client_of(dpo).get(reverse("crm:audit_download")).streaming_content).decode()
    assert "Tajnáčková" not in download
    assert AuditEvent.objects.filter(action="audit.downloaded").count() == 1


def test_the_record_is_narrowed_by_colleague_card_action_and_days(
    petra: User, tomas: User, dpo: User, client_of
) -> None:
    jana = make.contact(petra)
    other = make.contact(tomas, email="b@drevo.example")
    for user in (petra, tomas):
        client_of(user).get(jana.get_absolute_url())
    client_of(tomas).get(other.get_absolute_url())
    browser = client_of(dpo)

    def views(**wanted: str) -> int:
        lines = browser.get(AUDIT, {"action": "contact.viewed", **wanted}).context["lines"]
        return len(lines)

    assert views() == 3
    assert views(contact=str(jana.pk)) == 2
    assert views(actor=str(tomas.pk)) == 2
    assert views(actor=str(tomas.pk), contact=str(jana.pk)) == 1
    assert views(since="2020-01-01", until="2020-01-02") == 0
    assert views(contact="nonsense", since="nonsense") == 3


def test_a_card_that_the_reader_may_not_see_is_not_named(petra: User, auditor: User, client_of) -> None:
    jana = make.contact(petra)
    Installation.objects.update_or_create(id=1, defaults={"visibility": "own"})
    role = auditor.groups.get()
    role.permissions.remove(*role.permissions.filter(codename="view_all_contacts"))
    page = client_of(auditor).get(AUDIT, {"contact": str(jana.pk)}).content.decode()
    assert "Nováková" not in page


def test_long_records_are_read_page_by_page(dpo: User, petra: User, client_of, django_assert_max_num_queries) -> None:
    from audit.services import Row, record_many

    record_many("contact.searched", actor=petra, rows=[Row() for _ in range(PER_PAGE * 2)])
    browser = client_of(dpo)
    first = browser.get(AUDIT)
    assert len(first.context["lines"]) == PER_PAGE
    with django_assert_max_num_queries(14):
        second = browser.get(AUDIT, {"before": first.context["following"]})
    ids = [line.event.pk for page in (first, second) for line in page.context["lines"]]
    assert len(set(ids)) == PER_PAGE * 2
    assert browser.get(AUDIT, {"before": "x" * 50}).status_code == 200

"""Sign-ins in the audit record: by id, and without any name where nobody has it."""

from __future__ import annotations

from django.test import Client

from audit.models import AuditEvent
from tests.accounts.test_sign_in import sign_in


def events() -> list[tuple[str, object, str, dict[str, object]]]:
    rows = AuditEvent.objects.order_by("id")
    return [(row.action, row.actor_id, row.target_id, row.detail) for row in rows]


def test_coming_and_going_is_recorded(client, petra):
    sign_in(client, petra.email)
    client.post("/accounts/logout/")
    who = str(petra.pk)
    assert events() == [("user.signed_in", petra.pk, who, {}), ("user.signed_out", petra.pk, who, {})]


def test_a_failure_names_the_account_by_its_id(client, petra):
    sign_in(client, petra.email, "wrong")
    assert events() == [("user.sign_in_failed", None, str(petra.pk), {"locked": 0})]


def test_a_failure_under_an_unknown_name_writes_no_name(db):
    sign_in(Client(), "my-secret-password@firma.example", "wrong")
    assert events() == [("user.sign_in_failed", None, "", {"locked": 0})]


def test_attempts_made_while_locked_out_are_marked(client, petra):
    for _ in range(6):
        sign_in(client, petra.email, "wrong")
    assert [detail["locked"] for _action, _actor, _target, detail in events()] == [0, 0, 0, 0, 0, 1]

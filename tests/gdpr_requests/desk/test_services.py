"""Recording, checking, extending, refusing and answering a request (law.md, "Rights and the clock")."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Installation
from audit.models import AuditEvent
from gdpr_requests.desk.closing import letter_sent, plan_extension, plan_refusal
from gdpr_requests.desk.deadlines import deadline, extended_deadline
from gdpr_requests.desk.identity import methods_for
from gdpr_requests.desk.services import (
    answer,
    ask_identity,
    assign_request,
    check_identity,
    extend,
    link_contact,
    mark_worked,
    open_request,
    refuse,
    take_back,
    write_note,
)
from gdpr_requests.models import DataSubjectRequest, RequestEvent
from gdpr_requests.services.merge import merge_contacts
from privacy.models import SubjectKey
from tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


def today() -> dt.date:
    return timezone.localdate()


def days_ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.code)


def history(request: DataSubjectRequest) -> list[str]:
    return list(RequestEvent.objects.filter(request=request).order_by("at").values_list("kind", flat=True))


# --- recording -------------------------------------------------------------------------------------------------------


def test_the_clock_runs_from_the_receipt_and_not_from_the_day_of_recording(ask) -> None:
    request = ask(received_on=days_ago(20))
    assert (request.due_on, request.deadline) == (deadline(days_ago(20)), deadline(days_ago(20)))


def test_a_request_is_sealed_under_a_key_of_its_own(ask, jana) -> None:
    request = ask(text="Smažte mě.")
    key = SubjectKey.objects.get(subject_id=request.pk)
    assert (request.key_id, key.retention_class) == (key.pk, "proof")
    assert key.pk != jana.key_id


def test_requests_are_numbered_by_year_without_a_gap(ask) -> None:
    year = today().year
    assert [ask().number, ask().number] == [f"Z-{year}-000001", f"Z-{year}-000002"]


def test_a_request_from_the_future_is_refused(ask) -> None:
    with pytest.raises(ValidationError) as error:
        ask(received_on=today() + dt.timedelta(days=1))
    assert code_of(error) == "future"


def test_a_request_goes_to_whoever_answers_for_privacy_unless_it_is_given_to_somebody(ask, dpo, tomas) -> None:
    assert (ask().assignee, ask(assignee=tomas).assignee) == (dpo, tomas)


def test_neither_audit_nor_history_holds_anything_of_the_person(ask, dpo, letter) -> None:
    request = ask("erasure", text="Smažte mě, prosím.", note="Volala dvakrát.")
    check_identity(request=request, method="known_address", actor=dpo)
    answer(request=request, letter=letter("erasure", request), actor=dpo)
    written = f"{list(RequestEvent.objects.values())}{list(AuditEvent.objects.values())}"
    assert not [word for word in ("Jana", "Nováková", "drevo", "Smažte", "Volala") if word in written]


# --- who asks --------------------------------------------------------------------------------------------------------


def test_writing_from_an_address_on_the_card_is_proof_enough(ask) -> None:
    assert methods_for(ask("erasure"))[0] == "known_address"


def test_an_address_that_is_not_on_the_card_proves_nothing(ask, dpo) -> None:
    request = ask("erasure", requester_address="nekdo@jinde.example")
    with pytest.raises(ValidationError) as error:
        check_identity(request=request, method="known_address", actor=dpo)
    assert code_of(error) == "method"


@pytest.mark.parametrize("right", ["objection", "withdrawal", "complaint"])
def test_stopping_needs_no_proof_of_identity(ask, right) -> None:
    assert methods_for(ask(right)) == ["not_needed"]


@pytest.mark.parametrize("right", ["access", "rectification", "erasure", "restriction", "portability"])
def test_whatever_discloses_or_changes_data_needs_proof_of_identity(ask, dpo, letter, right) -> None:
    request = ask(right)
    with pytest.raises(ValidationError):
        check_identity(request=request, method="not_needed", actor=dpo)
    with pytest.raises(ValidationError) as error:
        answer(request=request, letter=letter(right, request), actor=dpo)
    assert code_of(error) == "identity"


def test_the_check_of_identity_says_how_by_whom_and_when(ask, dpo) -> None:
    before = timezone.now()
    request = check_identity(request=ask(), method="known_address", actor=dpo)
    assert (request.identity_method, request.identity_checked_by_id) == ("known_address", dpo.pk)
    assert before <= request.identity_checked_at <= timezone.now()
    assert request.state == "working"


def test_nobody_is_asked_for_proof_without_doubts(ask, dpo) -> None:
    for request, doubt in ((ask(), ""), (ask(), "unknown_address"), (ask("withdrawal"), "name_differs")):
        with pytest.raises(ValidationError):
            ask_identity(request=request, doubt=doubt, actor=dpo)
    stranger = ask(requester_address="nekdo@jinde.example")
    assert ask_identity(request=stranger, doubt="unknown_address", actor=dpo).state == "identity"
    assert RequestEvent.objects.get(request=stranger, kind="asked").detail == {"doubt": "unknown_address"}


def test_checking_identity_pauses_nothing(ask, dpo) -> None:
    request = ask(requester_address="nekdo@jinde.example", received_on=days_ago(10))
    due = request.deadline
    ask_identity(request=request, doubt="unknown_address", actor=dpo)
    request = check_identity(request=request, method="call_back", actor=dpo)
    assert request.deadline == due


# --- extension -------------------------------------------------------------------------------------------------------


def test_an_extension_adds_two_months_with_reasons_and_a_notice(ask, dpo, letter) -> None:
    request = ask(received_on=days_ago(5))
    notice = letter("extension", request)
    request = extend(request=request, reason="Tisíce záznamů.", letter=notice, actor=dpo)
    assert (request.extended_on, request.deadline) == (today(), extended_deadline(days_ago(5)))
    assert (request.extension_reason, request.extension_letter_id) == ("Tisíce záznamů.", notice.pk)
    assert history(request) == ["opened", "extended"]


def test_an_extension_without_reasons_is_refused(ask, dpo, letter) -> None:
    request = ask()
    with pytest.raises(ValidationError) as error:
        extend(request=request, reason="  ", letter=letter("extension", request), actor=dpo)
    assert code_of(error) == "reason"


def test_an_extension_without_a_notice_that_left_is_refused(ask, dpo, letter) -> None:
    request = ask()
    for unsent in (letter("extension", request, sent_at=None), letter("acknowledgement", request)):
        with pytest.raises(ValidationError):
            extend(request=request, reason="Složité.", letter=unsent, actor=dpo)
    with pytest.raises(ValidationError):
        extend(request=request, reason="Složité.", letter=letter("extension", ask()), actor=dpo)


def test_an_extension_after_the_first_month_is_refused(ask, dpo, letter) -> None:
    request = ask(received_on=days_ago(60))
    with pytest.raises(ValidationError) as error:
        extend(request=request, reason="Složité.", letter=letter("extension", request), actor=dpo)
    assert code_of(error) == "late"
    with pytest.raises(ValidationError):
        plan_extension(request=request, reason="Složité.", actor=dpo)


def test_there_is_no_second_extension(ask, dpo, letter) -> None:
    request = ask()
    extend(request=request, reason="Složité.", letter=letter("extension", request), actor=dpo)
    with pytest.raises(ValidationError) as error:
        extend(request=request, reason="Pořád.", letter=letter("extension", request), actor=dpo)
    assert code_of(error) == "twice"


def test_reasons_that_were_planned_take_effect_when_the_notice_leaves(ask, dpo, letter) -> None:
    request = plan_extension(request=ask(), reason="Složité.", actor=dpo)
    assert (request.extended_on, request.deadline) == (None, request.due_on)
    letter_sent(letter=letter("extension", request), actor=dpo)
    request.refresh_from_db()
    assert (request.extended_on, request.extension_reason) == (today(), "Složité.")


# --- refusal ---------------------------------------------------------------------------------------------------------


def test_a_refusal_names_its_ground_and_reasons_and_closes_the_request(ask, dpo, letter) -> None:
    request = ask("erasure")
    no = letter("refusal", request)
    until = dt.date(2031, 12, 31)
    request = refuse(
        request=request, ground="legal_duty", reason="Faktury.", letter=no, actor=dpo, keeps=["financial"], until=until
    )
    assert (request.state, request.answer_letter_id) == ("refused", no.pk)
    assert (request.refusal_ground, request.refusal_reason) == ("legal_duty", "Faktury.")
    assert (request.refusal_keeps, request.refusal_until) == (["financial"], until)


@pytest.mark.parametrize(
    ("right", "ground"),
    [("access", "claims"), ("access", ""), ("erasure", "others"), ("withdrawal", "compelling"), ("access", "whim")],
)
def test_a_refusal_needs_a_ground_that_the_law_knows_for_that_right(ask, dpo, letter, right, ground) -> None:
    request = ask(right)
    with pytest.raises(ValidationError) as error:
        refuse(request=request, ground=ground, reason="Ne.", letter=letter("refusal", request), actor=dpo)
    assert code_of(error) == "ground"


def test_a_refusal_without_reasons_is_refused(ask, dpo, letter) -> None:
    request = ask()
    with pytest.raises(ValidationError) as error:
        refuse(request=request, ground="unfounded", reason=" ", letter=letter("refusal", request), actor=dpo)
    assert code_of(error) == "reason"


def test_a_refusal_after_the_month_is_refused_even_where_the_answer_was_extended(ask, dpo, letter) -> None:
    request = ask(received_on=days_ago(60))
    with pytest.raises(ValidationError) as error:
        refuse(request=request, ground="unfounded", reason="Ne.", letter=letter("refusal", request), actor=dpo)
    assert code_of(error) == "late"


def test_a_refusal_of_erasure_says_which_data_stay_and_until_when(ask, dpo, letter) -> None:
    request = ask("erasure")
    for keeps, until in (([], dt.date(2031, 1, 1)), (["financial"], None)):
        with pytest.raises(ValidationError) as error:
            refuse(
                request=request,
                ground="claims",
                reason="Spor.",
                letter=letter("refusal", request),
                actor=dpo,
                keeps=keeps,
                until=until,
            )
        assert code_of(error) == "keeps"


def test_a_refusal_that_was_planned_takes_effect_when_its_letter_leaves(ask, dpo, letter) -> None:
    request = plan_refusal(request=ask(), ground="unfounded", reason="Pošesté.", actor=dpo)
    assert request.is_open
    letter_sent(letter=letter("refusal", request), actor=dpo)
    request.refresh_from_db()
    assert (request.state, request.refusal_ground) == ("refused", "unfounded")


# --- answer ----------------------------------------------------------------------------------------------------------


def test_a_request_cannot_be_closed_without_a_written_answer_that_has_left(ask, dpo, letter) -> None:
    request = check_identity(request=ask(), method="known_address", actor=dpo)
    wrong = [
        letter("access", request, sent_at=None),
        letter("acknowledgement", request),
        letter("identity", request),
        letter("extension", request),
        letter("access", ask()),
    ]
    for one in wrong:
        for close in (answer, take_back):
            with pytest.raises(ValidationError):
                close(request=request, letter=one, actor=dpo)
    request.refresh_from_db()
    assert (request.is_open, request.answer_letter_id) == (True, None)


def test_the_answer_closes_the_request_and_stays_with_it_for_three_years(ask, dpo, letter) -> None:
    request = check_identity(request=ask(), method="known_address", actor=dpo)
    reply = letter("access", request)
    request = answer(request=request, letter=reply, actor=dpo)
    assert (request.state, request.answer_letter_id, request.answered_by_id) == ("answered", reply.pk, dpo.pk)
    assert (request.ends_on.year, request.ends_on.month) == (today().year + 3, today().month)
    assert history(request) == ["opened", "identified", "answered"]


def test_the_installation_says_how_long_requests_are_kept(ask, dpo, letter) -> None:
    Installation.objects.create(request_years=5)
    request = ask("objection")
    request = answer(request=request, letter=letter("objection", request), actor=dpo)
    assert request.ends_on.year == today().year + 5


def test_a_person_who_was_not_found_gets_an_answer_without_proving_who_they_are(ask, dpo, letter) -> None:
    request = ask(contact=None, requester_address="nekdo@jinde.example")
    request = answer(request=request, letter=letter("not_found", request), actor=dpo)
    assert request.state == "answered"


def test_a_request_that_the_person_took_back_is_closed_with_a_letter(ask, dpo, letter) -> None:
    request = ask()
    request = take_back(request=request, letter=letter("answer", request), actor=dpo)
    assert (request.state, history(request)) == ("withdrawn", ["opened", "withdrawn"])


def test_a_letter_that_answers_closes_the_request_when_it_leaves(ask, dpo, letter) -> None:
    request = check_identity(request=ask(), method="known_address", actor=dpo)
    letter_sent(letter=letter("acknowledgement", request), actor=dpo)
    assert DataSubjectRequest.objects.get(pk=request.pk).is_open
    letter_sent(letter=letter("access", request), actor=dpo)
    request.refresh_from_db()
    assert request.state == "answered"
    assert history(request) == ["opened", "identified", "letter", "letter", "answered"]


def test_a_letter_that_left_too_late_for_its_purpose_stays_in_the_history_and_closes_nothing(ask, dpo, letter) -> None:
    request = ask(received_on=days_ago(60))
    letter_sent(letter=letter("refusal", request), actor=dpo)
    request.refresh_from_db()
    assert (request.is_open, history(request)) == (True, ["opened", "reminded", "letter"])


def test_a_closed_request_stays_as_it_is(ask, dpo, letter) -> None:
    request = ask("objection")
    answer(request=request, letter=letter("objection", request), actor=dpo)
    for change in (
        lambda: check_identity(request=request, method="not_needed", actor=dpo),
        lambda: assign_request(request=request, assignee=dpo, actor=dpo),
        lambda: link_contact(request=request, contact=None, actor=dpo),
        lambda: answer(request=request, letter=letter("objection", request), actor=dpo),
    ):
        with pytest.raises(ValidationError) as error:
            change()
        assert code_of(error) == "closed"


def test_answering_finishes_the_tasks_about_the_request(ask, dpo, letter) -> None:
    request = ask("objection")
    Task.objects.create(
        key=request.key, kind="request", about_id=request.pk, due_on=request.due_on, assignee=dpo, label=request.number
    )
    answer(request=request, letter=letter("objection", request), actor=dpo)
    assert list(Task.objects.values_list("outcome", flat=True)) == ["done"]


# --- who has it ------------------------------------------------------------------------------------------------------


def test_giving_a_request_to_a_colleague_takes_its_reminders_along(ask, dpo, tomas, manager) -> None:
    request = ask(assignee=tomas)
    for who in (tomas, dpo):
        Task.objects.create(key=request.key, kind="request", about_id=request.pk, due_on=request.due_on, assignee=who)
    assign_request(request=request, assignee=manager, actor=dpo)
    assert {task.assignee for task in Task.objects.all()} == {manager, dpo}
    assert RequestEvent.objects.get(kind="assigned").detail == {"to": str(manager.pk)}


def test_a_colleague_sees_requests_of_their_own_and_of_cards_they_may_see(petra, tomas, cizi, dpo, ask) -> None:
    Installation.objects.create(visibility="own")
    of_card = ask()
    of_nobody = open_request(
        right="access", channel="phone", received_on=today(), requester_name="Neznámý", actor=cizi, assignee=tomas
    )
    seen = {user.email: set(DataSubjectRequest.objects.visible_to(user)) for user in (petra, tomas, cizi, dpo)}
    assert list(seen.values()) == [{of_card}, {of_nobody}, {of_nobody}, {of_card, of_nobody}]


def test_merging_cards_takes_their_requests_along(ask, petra, manager) -> None:
    request = ask()
    kept = make.contact(petra, email="jinak@drevo.example")
    merge_contacts(kept=kept, other=request.contact, take={}, actor=manager)
    request.refresh_from_db()
    assert request.contact == kept


def test_notes_and_work_done_stand_in_the_history(ask, dpo) -> None:
    request = ask("erasure")
    write_note(request=request, note="Volala.", actor=dpo)
    write_note(request=request, note="Volala.", actor=dpo)
    request = mark_worked(request=request, actor=dpo, what="erased")
    assert (request.state, history(request)) == ("working", ["opened", "noted", "worked"])
    assert request.note == "Volala."

"""The data map: what the real one says, and what the check says of a wrong one."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.core.checks import run_checks

from audit.models import AuditEvent
from contacts.models import Contact, EmailAddress, NameToken
from privacy.checks import check_append_only, compare
from privacy.datamap import PLAIN, DataMap, Entry, Field, Kind, collect
from privacy.sealed import SealedModel, sealed_fields


def problems(entry, model, kept=()):
    """Ids and hints of what is wrong with one entry for one model."""
    found = compare(DataMap((entry, *kept)), [model])
    return [(error.id, error.hint) for error in found]


@pytest.fixture
def entry():
    return collect().entry_for(EmailAddress)


def without(entry, name):
    return replace(entry, fields={key: value for key, value in entry.fields.items() if key != name})


def changed(entry, name, **values):
    return replace(entry, fields={**entry.fields, name: replace(entry.fields[name], **values)})


def test_every_table_and_column_is_declared():
    assert run_checks(tags=["privacy"]) == []


def test_every_sealed_field_is_personal():
    for model in apps.get_models():
        for field in sealed_fields(model):
            item = collect().entry_for(model).fields[field.name]
            assert item.kind.is_personal, field


def test_every_sealed_table_leads_to_a_contact():
    for model in apps.get_models():
        if issubclass(model, SealedModel):
            entry = collect().entry_for(model)
            assert entry.to_contact or entry.because, entry.model


@pytest.mark.django_db
def test_every_way_to_the_contact_can_be_asked():
    for entry in collect().about_contacts():
        assert not entry.get_model()._base_manager.filter(**{f"{entry.to_contact}__in": []}).exists()


def test_a_forgotten_table_is_an_error_that_says_what_to_write():
    (error,) = compare(DataMap(()), [EmailAddress])
    assert error.id == "privacy.E001"
    assert 'Entry(\n    "contacts.EmailAddress",' in error.hint
    assert '"value": Field(Kind.IDENTIFYING, "identity")' in error.hint
    assert "contacts/privacy.py" in error.hint


def test_a_right_entry_has_no_problem(entry):
    assert problems(entry, EmailAddress) == []


def test_a_forgotten_column_is_an_error(entry):
    assert problems(without(entry, "value"), EmailAddress) == [
        ("privacy.E004", 'Add "value": Field(Kind.…, "category") to the entry of contacts.EmailAddress.')
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e: changed(e, "value", export=False), ["privacy.E007"]),
        (lambda e: changed(e, "value", export=False, because="Repeats another."), []),
        (lambda e: changed(e, "value", erase="keep"), ["privacy.E008"]),
        (lambda e: changed(e, "value", erase="keep", because="Five years, § 31."), []),
        (lambda e: changed(e, "value", category=""), ["privacy.E009"]),
        (lambda e: changed(e, "kind", kind=Kind.SPECIAL), ["privacy.E010"]),
        (lambda e: replace(e, fields={**e.fields, "colour": PLAIN}), ["privacy.E005"]),
        (lambda e: replace(e, ends=" "), ["privacy.E006"]),
        (lambda e: replace(e, to_contact=None), ["privacy.E011"]),
        (lambda e: replace(e, to_contact=None, because="Nobody's."), []),
        (lambda e: replace(e, to_contact="customer"), ["privacy.E012"]),
        (lambda e: replace(e, to_contact="contact__colour"), ["privacy.E012"]),
        (lambda e: replace(e, to_contact="is_primary"), ["privacy.E013"]),
        (lambda e: replace(e, model="contacts.Nothing"), ["privacy.E001", "privacy.E003"]),
    ],
)
def test_a_wrong_declaration_is_an_error(entry, change, expected):
    assert [error_id for error_id, _hint in problems(change(entry), EmailAddress)] == expected


def test_a_table_declared_twice_is_an_error(entry):
    assert problems(entry, EmailAddress, kept=[entry])[0][0] == "privacy.E002"


def test_tables_without_a_row_of_their_own_are_checked_too():
    tags = Contact.tags.through
    assert [error.id for error in compare(DataMap(()), [tags, NameToken])] == ["privacy.E001", "privacy.E001"]


def test_a_guard_names_a_real_column(monkeypatch):
    from privacy.append_only import AppendOnly

    assert check_append_only() == []
    monkeypatch.setattr(AuditEvent, "append_only", AppendOnly(erasable_by="subject"))
    assert [error.id for error in check_append_only()] == ["privacy.E030"]


def test_entries_answer_the_questions_of_export_and_erasure():
    entry = Entry(
        "contacts.Tag",
        to_contact=None,
        ends="Never.",
        fields={"a": Field(Kind.PERSONAL, "x"), "b": Field(Kind.PERSONAL, "x", export=False, erase="keep"), "c": PLAIN},
    )
    assert entry.named(export=True) == ["a"]
    assert entry.named(erase="keep") == ["b"]
    assert collect().entry_for(Contact) in collect().about_contacts()
    with pytest.raises(LookupError):
        DataMap(()).entry_for(Contact)

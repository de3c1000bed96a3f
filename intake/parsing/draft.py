"""A contact in the making: every value put in ends in a field, or in the note under its label."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise

from contacts.identifiers import clean_dic, clean_ico
from intake.parsing.addresses import with_postcode_from_city
from intake.parsing.codes import country_code, language_code
from intake.parsing.dates import DateOrder, parse_date
from intake.parsing.names import is_organisation, split_name
from intake.parsing.phones import ReadPhone, find_phones, read_phones, regions_to_try, usual_kind
from intake.parsing.problems import ImportProblem
from intake.parsing.record import LONGEST, AddressValue, EmailValue, FileValue, Note, ParsedContact, PhoneValue
from intake.parsing.targets import ADDRESS_KINDS, EMAIL_KINDS, PHONE_KINDS, Kind, kind_of
from intake.parsing.text import one_line

_AROUND_EMAILS = re.compile(r"[\s<>;,\"'()\[\]|]+")
_TAGS = re.compile(r"[,;|\n]| ::: ")
# Longer than all the parts of a name together.
_LONGEST_NAME = 400
_LONGEST_NUMBER = 40
_ADDRESS_FIELDS = ("street", "city", "postcode", "region", "country")


class Origin(NamedTuple):
    """Where a value came from: the label it gets in the note, and the column or property for the report."""

    label: str | Promise
    column: int | str | None = None


class _WrittenPhone(NamedTuple):
    value: str
    origin: Origin
    kind: Kind | None
    primary: bool


class Draft:
    """Collects the values of one row or card; `finish` gives the contact."""

    def __init__(self, row: int) -> None:
        self.contact = ParsedContact(row)
        self._phones: list[_WrittenPhone] = []

    def note(self, value: str, origin: Origin) -> None:
        """Keep a value that has no field."""
        text = value.replace("\r\n", "\n").strip()
        if text:
            self.contact.notes.append(Note(origin.label, text))

    def file(self, file: FileValue) -> None:
        """Keep a file."""
        self.contact.files.append(file)

    def problem(self, code: str, column: int | str | None = None, **params: int | str) -> None:
        """Remark on a value, which must be kept all the same."""
        self.contact.problems.append(ImportProblem(code, row=self.contact.row, column=column, **params))

    def text(self, name: str, value: str, origin: Origin) -> None:
        """Put a value in a plain field, or in the note when the field is taken or too short for it."""
        value = one_line(value)
        present = getattr(self.contact, name)
        if not value or value == present:
            return
        if present:
            self.note(value, origin)
        elif len(value) > LONGEST[name]:
            self._too_long(value, origin)
        else:
            setattr(self.contact, name, value)

    def full_name(self, value: str, origin: Origin) -> None:
        """Split a whole name; a name with a legal form is a company's."""
        if len(value) > _LONGEST_NAME:
            self._too_long(value, origin)
            return
        if is_organisation(value) and not self.contact.organisation:
            self.text("organisation", value, origin)
            return
        parts = split_name(value)
        for name, part in parts._asdict().items():
            self.text(name, part, origin)
        if " ".join(part for part in parts if part).replace(",", "").split() != value.replace(",", "").split():
            # The order or a mark was changed by the splitting: what was written is kept too.
            self.note(value, origin)

    def middle_name(self, value: str, origin: Origin) -> None:
        """Second and further first names belong behind the first one."""
        whole = f"{self.contact.first_name} {one_line(value)}".strip()
        if len(whole) <= LONGEST["first_name"]:
            self.contact.first_name = whole
        else:
            self._too_long(value, origin)

    def ico(self, value: str, origin: Origin) -> None:
        """A Czech company number; one that fails its checksum is kept in the note."""
        self._number("ico", clean_ico, value, origin)

    def dic(self, value: str, origin: Origin) -> None:
        """A VAT number of any EU country; one that is not valid is kept in the note."""
        self._number("dic", clean_dic, value, origin)

    def birth_date(self, value: str, origin: Origin, order: DateOrder = DateOrder.UNKNOWN) -> None:
        """A whole date; a partial or doubtful one is kept in the note."""
        date = parse_date(value, order)
        if date is None and value.strip():
            self.note(value, origin)
            self.problem("date_invalid", origin.column)
        elif self.contact.birth_date in {None, date}:
            self.contact.birth_date = date
        else:
            self.note(value, origin)

    def language(self, value: str, origin: Origin) -> None:
        """A language that cards can be written in; any other is kept in the note."""
        code = language_code(value)
        if code and self.contact.language in {"", code}:
            self.contact.language = code
        else:
            self.note(value, origin)

    def tags(self, value: str, origin: Origin) -> None:
        """Tags separated by commas or semicolons; one that is too long for a tag is kept in the note."""
        names = dict.fromkeys(part.strip().removeprefix("* ").strip() for part in _TAGS.split(value))
        self.contact.tags = list(dict.fromkeys([*self.contact.tags, *(name for name in names if _fits_tag(name))]))
        for name in names:
            if name and not _fits_tag(name):
                self.note(name, origin)

    def emails(self, value: str, origin: Origin, kind: Kind | None = None, *, primary: bool = False) -> None:
        """All addresses in the cell; words around them, and what is not a valid address, go to the note."""
        if not value.strip():
            return
        pieces = [piece.removeprefix("mailto:").rstrip(".") for piece in _AROUND_EMAILS.split(value)]
        valid = {piece: piece.casefold() for piece in pieces if "@" in piece and _is_email(piece)}
        rest = "".join(piece for piece in pieces if piece not in valid)
        if not valid or any(char.isalnum() for char in rest):
            self.note(value, origin)
        if not valid:
            self.problem("email_invalid", origin.column)
        known = {email.value.casefold() for email in self.contact.emails}
        for address, folded in valid.items():
            if folded not in known:
                known.add(folded)
                self.contact.emails.append(EmailValue(address, kind_of(kind, EMAIL_KINDS, "work"), primary))

    def phone(self, value: str, origin: Origin, kind: Kind | None = None, *, primary: bool = False) -> None:
        """A phone's cell; it is read in `finish`, once the country of the address is known."""
        if value.strip():
            self._phones.append(_WrittenPhone(value, origin, kind, primary))

    def address(
        self, address: AddressValue, origin: Origin, kind: Kind | None = None, *, primary: bool = False
    ) -> None:
        """A postal address; a part that is too long for its field goes to the note."""
        kept = {}
        for name in _ADDRESS_FIELDS:
            value = one_line(getattr(address, name))
            kept[name] = value if len(value) <= LONGEST[name] else ""
            if value and not kept[name]:
                self._too_long(value, origin)
        if any(kept.values()):
            whole = AddressValue(**kept, kind=kind_of(kind, ADDRESS_KINDS, "work"), primary=primary)
            self.contact.addresses.append(with_postcode_from_city(whole))

    def finish(self, *, region: str) -> ParsedContact:
        """Read the phones in the light of the addresses, choose what is primary and say what is missing."""
        contact = self.contact
        country = next((code for address in contact.addresses if (code := country_code(address.country))), "")
        for written in self._phones:
            self._read_phone(written, regions_to_try(country, region))
        for channels in (contact.emails, contact.phones, contact.addresses):
            _leave_one_primary(channels)
        if not (contact.first_name or contact.last_name or contact.organisation):
            reachable = contact.emails or contact.phones
            self.problem("name_missing" if reachable else "nothing_to_keep")
        return contact

    def _read_phone(self, written: _WrittenPhone, regions: Sequence[str]) -> None:
        found = read_phones(written.value, regions)
        if not found:
            found = find_phones(written.value, regions)
            self.note(written.value, written.origin)
        if not found:
            self.problem("phone_invalid", written.origin.column)
        for phone in found:
            self._phone(phone, written)

    def _phone(self, phone: ReadPhone, written: _WrittenPhone) -> None:
        number = phone.e164 or phone.typed
        if len(number) > LONGEST["phone"]:
            self._too_long(number, written.origin)
            return
        if not phone.e164:
            self.problem("phone_unverified", written.origin.column)
        elif phone.extension:
            self.note(phone.typed, written.origin)
        if number not in {known.value for known in self.contact.phones}:
            kind = kind_of(written.kind, PHONE_KINDS, usual_kind(phone))
            self.contact.phones.append(PhoneValue(number, phone.typed, kind, written.primary))

    def _number(self, name: str, clean: Callable[[str], str], value: str, origin: Origin) -> None:
        try:
            number = clean(value) if len(value) <= _LONGEST_NUMBER else ""
        except ValidationError:
            number = ""
        if number:
            self.text(name, number, origin)
        elif value.strip():
            self.note(value, origin)
            self.problem(f"{name}_invalid", origin.column)

    def _too_long(self, value: str, origin: Origin) -> None:
        self.note(value, origin)
        self.problem("value_too_long", origin.column)


def _fits_tag(name: str) -> bool:
    return 0 < len(name) <= LONGEST["tag"]


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= LONGEST["email"]


def _leave_one_primary(channels: list[Any]) -> None:
    """The first that says it is primary, else the first of all."""
    chosen = next((index for index, channel in enumerate(channels) if channel.primary), 0)
    channels[:] = [replace(channel, primary=index == chosen) for index, channel in enumerate(channels)]

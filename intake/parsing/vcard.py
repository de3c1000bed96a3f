"""vCards into contacts. What has no field of its own goes to the note under its label; nothing is dropped."""

from collections import Counter
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from intake.parsing.addresses import split_address
from intake.parsing.codes import country_code
from intake.parsing.detect import check_size
from intake.parsing.draft import Draft, Origin
from intake.parsing.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from intake.parsing.phones import guess_region
from intake.parsing.problems import ImportProblem
from intake.parsing.record import AddressValue, ParsedContact
from intake.parsing.text import one_line
from intake.parsing.vcard_labels import label_of, unread_parameters, with_details, with_value
from intake.parsing.vcard_lines import BINARY_PROPERTIES, Card, Property, read_cards
from intake.parsing.vcard_values import (
    Types,
    apple_label,
    file_of,
    read_types,
    split_list,
    split_name,
    split_value,
    unescape,
)


def read_vcards(data: bytes, *, region: str = "CZ", limits: Limits = DEFAULT_LIMITS) -> Iterator[ParsedContact]:
    """One contact for each card. `region` is for phones without a country code when the card's address names none.

    Raises ImportProblem: not_vcard, too_many_rows, cell_too_long, binary_too_big, or what reading the text raises.
    """
    check_size(data, limits=limits)
    empty = True
    for card in read_cards(data):
        empty = False
        if card.number > limits.rows:
            raise ImportProblem("too_many_rows", row=card.number, limit=limits.rows)
        _check_limits(card, limits)
        yield _CardReader(card).read(region)
    if empty:
        raise ImportProblem("not_vcard")


def guess_vcard_region(data: bytes, default: str = "CZ") -> str:
    """The region that most cards have an address in, or else the one that fits the phones."""
    countries: Counter[str] = Counter()
    numbers: list[str] = []
    cards = 0
    for cards, card in enumerate(read_cards(data), start=1):  # noqa: B007 - the count is used afterwards
        addresses = [prop for prop in card.properties if prop.name == "ADR"]
        countries.update({code for prop in addresses if (code := country_code(_country(prop)))})
        numbers += [_number(prop.value) for prop in card.properties if prop.name == "TEL"]
    code, count = countries.most_common(1)[0] if countries else ("", 0)
    return code if count * 2 > cards else guess_region(numbers, default)


def _country(prop: Property) -> str:
    return prop.value.rpartition(";")[2].rpartition("\\n")[2]


def _check_limits(card: Card, limits: Limits) -> None:
    for prop in card.properties:
        if len(prop.value) > limits.cell_chars and prop.name not in BINARY_PROPERTIES:
            raise ImportProblem("cell_too_long", row=card.number, column=prop.name, limit=limits.cell_chars)
        if max(len(prop.binary or b""), len(prop.value)) > limits.binary_bytes:
            megabytes = limits.binary_bytes // MEGABYTE
            raise ImportProblem("binary_too_big", row=card.number, column=prop.name, megabytes=megabytes)


class _CardReader:
    """Reads one card, property by property, into a draft."""

    def __init__(self, card: Card, depth: int = 0) -> None:
        self.card = card
        self.version = card.version
        self.draft = Draft(card.number)
        self.depth = depth
        self.displayed = ""
        self.is_organisation = False
        self.labels = {
            prop.group: apple_label(self.plain(prop))
            for prop in card.properties
            if prop.name == "X-ABLABEL" and prop.group and prop.value.strip()
        }

    def read(self, region: str) -> ParsedContact:
        """The contact of the card."""
        names = [prop.name for prop in self.card.properties]
        # A language is taken from the most preferred property, a position from TITLE rather than from ROLE.
        for prop in sorted(self.card.properties, key=lambda prop: (prop.name == "ROLE", _preference(prop))):
            if prop.value.strip() or prop.binary is not None:
                self._put(prop)
        if "VERSION" not in names:
            self.draft.note(self.version, Origin(label_of("VERSION")))
        self._settle_names()
        for line in self.card.unread:
            self.draft.note(line, Origin(""))
            self.draft.problem("line_unreadable")
        if not self.card.closed:
            self.draft.problem("vcard_unclosed")
        return self.draft.finish(region=region)

    def plain(self, prop: Property) -> str:
        """The whole value as text."""
        return unescape(prop.value, self.version).strip()

    def _put(self, prop: Property) -> None:
        handler = _HANDLERS.get(prop.name)
        if prop.name == "X-ABLABEL" and prop.group in self.labels:
            if not any(other.group == prop.group and other is not prop for other in self.card.properties):
                self._other(prop)
            return
        if handler is None:
            self._other(prop)
            return
        handler(self, prop)
        self._keep_parameters(prop)

    def _origin(self, prop: Property) -> Origin:
        """The label of a property: its own, with the one that its group gives it."""
        given = self.labels.get(prop.group, "")
        own = label_of(prop.name)
        return Origin(with_details(own, [given]) if prop.name in _HANDLERS else given or own, prop.name)

    def _keep_parameters(self, prop: Property) -> None:
        """What no field holds of a property that has one: a language, a label, words of TYPE beyond the kind."""
        extra = unread_parameters(prop)
        value = ""
        if prop.name in {"TEL", "EMAIL", "ADR"}:
            extra = [self.labels.get(prop.group, ""), *read_types(prop).rest, *extra]
            value = "" if prop.name == "ADR" else _number(self.plain(prop))
        self.draft.note(", ".join(filter(None, extra)), Origin(with_value(label_of(prop.name), value)))

    def _other(self, prop: Property) -> None:
        """A property without a field: its label, what its parameters say, its value."""
        types = [word for word in prop.params.get("TYPE", []) if word.lower() not in {"pref", "internet"}]
        label = with_details(self._origin(prop).label, [*types, *unread_parameters(prop)])
        self.draft.note(self.plain(prop), Origin(label, prop.name))

    def _name(self, prop: Property) -> None:
        parts = [*split_name(prop.value, self.version), [], [], [], [], []]
        family, given, additional, prefixes, suffixes, *rest = parts
        origin = self._origin(prop)
        self.draft.text("last_name", " ".join(family), origin)
        self.draft.text("first_name", " ".join(given), origin)
        if additional:
            self.draft.middle_name(" ".join(additional), origin)
        self.draft.text("title_before", " ".join(prefixes), origin)
        self.draft.text("title_after", ", ".join(suffixes), origin)
        self.draft.note("; ".join(", ".join(part) for part in rest if part), origin)

    def _displayed_name(self, prop: Property) -> None:
        if self.displayed:
            self._other(prop)
        self.displayed = self.displayed or one_line(self.plain(prop))

    def _settle_names(self) -> None:
        """The displayed name gives the parts when N is missing, and is a note when it says something else."""
        contact, origin = self.draft.contact, Origin(label_of("FN"), "FN")
        if self.is_organisation and self.displayed:
            self.draft.text("organisation", self.displayed, origin)
        elif self.displayed and not (contact.first_name or contact.last_name):
            if self.displayed != contact.organisation:
                self.draft.full_name(self.displayed, origin)
        elif self.displayed and not _says_the_same(self.displayed, contact):
            self.draft.note(self.displayed, origin)

    def _organisation(self, prop: Property) -> None:
        name, *units = split_value(prop.value, ";", self.version)
        self.draft.text("organisation", name, self._origin(prop))
        for unit in units:
            self.draft.note(unit, Origin(_("Department"), prop.name))

    def _position(self, prop: Property) -> None:
        self.draft.text("position", self.plain(prop), self._origin(prop))

    def _birthday(self, prop: Property) -> None:
        self.draft.birth_date(self.plain(prop), self._origin(prop))

    def _email(self, prop: Property) -> None:
        types = read_types(prop)
        self.draft.emails(self.plain(prop), self._origin(prop), types.kind, primary=types.preferred)

    def _phone(self, prop: Property) -> None:
        types = read_types(prop)
        self.draft.phone(_number(self.plain(prop)), self._origin(prop), types.kind, primary=types.preferred)

    def _address(self, prop: Property) -> None:
        types: Types = read_types(prop)
        box, extended, street, city, region, postcode, country, *rest = [
            *split_value(prop.value, ";", self.version),
            *[""] * 7,
        ]
        lines = one_line("\n".join(part for part in (street, extended, box) if part))
        address = AddressValue(lines, city, postcode, region, country)
        if not (city or postcode or country) and "\n" in (street or extended):
            address = split_address("\n".join(part for part in (street, extended, box) if part))
        origin = self._origin(prop)
        self.draft.address(address, origin, types.kind, primary=types.preferred)
        self.draft.note("; ".join(part for part in rest if part), origin)
        for label in prop.params.get("LABEL", []):
            self.draft.note(label, Origin(label_of("LABEL"), prop.name))

    def _note(self, prop: Property) -> None:
        self.draft.note(self.plain(prop), Origin("", prop.name))

    def _tags(self, prop: Property) -> None:
        for tag in split_list(prop.value, self.version):
            self.draft.tags(tag, self._origin(prop))

    def _language(self, prop: Property) -> None:
        self.draft.language(self.plain(prop), self._origin(prop))

    def _kind(self, prop: Property) -> None:
        self.is_organisation = self.plain(prop).lower() == "org"
        if not self.is_organisation:
            self._other(prop)

    def _file(self, prop: Property) -> None:
        file = file_of(prop, len(self.draft.contact.files))
        if file:
            self.draft.file(file)
            return
        if prop.damaged:
            self.draft.problem("binary_broken", prop.name)
        self._other(prop)

    def _agent(self, prop: Property) -> None:
        """A card inside the card: its values become lines of a note."""
        text = self.plain(prop)
        inner = list(read_cards(text.encode())) if self.depth == 0 and "BEGIN:" in text.upper() else []
        lines = [
            f"{found.name}: {unescape(found.value, card.version)}"
            for card in inner
            for found in card.properties
            if found.value.strip()
        ]
        self.draft.note("\n".join(lines) or text, self._origin(prop))


def _number(text: str) -> str:
    """A phone that may be written as a URI (RFC 3966)."""
    return one_line(text[4:] if text.lower().startswith("tel:") else text)


def _preference(prop: Property) -> int:
    """PREF of 4.0, 1 to 100, the smallest first; only languages are ordered by it."""
    value = prop.params.get("PREF", [""])[0]
    return int(value) if prop.name == "LANG" and value.isascii() and value.isdigit() else 0


def _says_the_same(displayed: str, contact: ParsedContact) -> bool:
    """Whether a displayed name only puts the parts of the name together."""
    first, last = contact.first_name, contact.last_name
    plain = [f"{first} {last}", f"{last} {first}", f"{last}, {first}"]
    before, after = contact.title_before, contact.title_after
    forms = {
        " ".join(f"{before_part} {name}{separator}{after_part}".split())
        for name in plain
        for before_part in (before, "")
        for separator, after_part in ((" ", after), (", ", after), ("", ""))
    }
    return " ".join(displayed.split()) in forms


_HANDLERS: dict[str, Callable[[_CardReader, Property], None]] = {
    "N": _CardReader._name,
    "FN": _CardReader._displayed_name,
    "ORG": _CardReader._organisation,
    "TITLE": _CardReader._position,
    "ROLE": _CardReader._position,
    "BDAY": _CardReader._birthday,
    "EMAIL": _CardReader._email,
    "TEL": _CardReader._phone,
    "ADR": _CardReader._address,
    "NOTE": _CardReader._note,
    "CATEGORIES": _CardReader._tags,
    "LANG": _CardReader._language,
    "KIND": _CardReader._kind,
    "AGENT": _CardReader._agent,
    **dict.fromkeys(BINARY_PROPERTIES, _CardReader._file),
}

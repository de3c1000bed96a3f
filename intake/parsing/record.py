"""What a row or a card became: typed values on their way to a contact card, each kept exactly once."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise

from intake.parsing.problems import ImportProblem

# The longest value each field of a contact holds; a longer one goes to the note whole.
LONGEST: dict[str, int] = {
    "title_before": 60,
    "first_name": 100,
    "last_name": 150,
    "title_after": 60,
    "salutation": 120,
    "organisation": 250,
    "position": 150,
    "ico": 8,
    "dic": 14,
    "email": 254,
    "phone": 60,
    "street": 250,
    "city": 150,
    "postcode": 20,
    "region": 150,
    "country": 100,
    "tag": 40,
}
LANGUAGES = frozenset({"cs", "en", "sk", "de", "pl"})


@dataclass(frozen=True, slots=True)
class EmailValue:
    """A valid e-mail address. `kind`: work, private, billing or other."""

    value: str
    kind: str = "work"
    primary: bool = False


@dataclass(frozen=True, slots=True)
class PhoneValue:
    """A phone number: `value` is E.164 where a numbering plan knows the number, else as typed.

    `kind`: mobile, work, private, fax or other. `typed` is the form in the file.
    """

    value: str
    typed: str
    kind: str = "mobile"
    primary: bool = False


@dataclass(frozen=True, slots=True)
class AddressValue:
    """A postal address. `kind`: work, home, billing, delivery or other."""

    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    country: str = ""
    kind: str = "work"
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something that has no field of its own. `label` is a column's header or a name shown in the reader's language."""

    label: str | Promise
    text: str

    def __str__(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file that came inside another one. `name` has no path and no control characters."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(repr=False)
class ParsedContact:
    """One person or organisation read from a row or a card.

    `row` is the row's or the card's number, from 1. `problems` are remarks, or the reason why the row is refused.
    Exactly one of several e-mails, phones and addresses is primary.
    """

    row: int
    title_before: str = ""
    first_name: str = ""
    last_name: str = ""
    title_after: str = ""
    salutation: str = ""
    organisation: str = ""
    ico: str = ""
    dic: str = ""
    position: str = ""
    birth_date: datetime.date | None = None
    language: str = ""
    emails: list[EmailValue] = field(default_factory=list)
    phones: list[PhoneValue] = field(default_factory=list)
    addresses: list[AddressValue] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    files: list[FileValue] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """`person` when there is a person's name, else `organisation` when there is a company's."""
        return "organisation" if self.organisation and not (self.first_name or self.last_name) else "person"

    @property
    def name(self) -> str:
        """The person's name with titles, as `Contact.display_name` writes it; empty when there is none."""
        name = " ".join(part for part in (self.title_before, self.first_name, self.last_name) if part)
        return f"{name}, {self.title_after}" if name and self.title_after else name

    @property
    def refused(self) -> bool:
        """Whether the row cannot become a contact; `problems` says why."""
        return any(problem.refuses for problem in self.problems)

    @property
    def note(self) -> str:
        """All notes as one text: free notes first, then one line for each labelled value."""
        free = [note.text for note in self.notes if not note.label]
        labelled = "\n".join(str(note) for note in self.notes if note.label)
        return "\n\n".join(part for part in (*free, labelled) if part)

    def __repr__(self) -> str:
        # Rows of problems end up in logs; values of people must not.
        return f"<ParsedContact row={self.row}>"


def cells(parsed: ParsedContact) -> Iterator[str]:
    """Every text the contact will hold, so that a test can ask where each cell of the file has gone."""
    yield from (parsed.title_before, parsed.first_name, parsed.last_name, parsed.title_after, parsed.salutation)
    yield from (parsed.organisation, parsed.ico, parsed.dic, parsed.position, parsed.language)
    if parsed.birth_date:
        yield parsed.birth_date.isoformat()
    for email in parsed.emails:
        yield email.value
    for phone in parsed.phones:
        yield phone.value
    for address in parsed.addresses:
        yield from (address.street, address.city, address.postcode, address.region, address.country)
    yield from parsed.tags
    for note in parsed.notes:
        yield str(note)
    for file in parsed.files:
        yield file.name

"""How properties and parameters of a vCard are named in a note."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from intake.parsing.text import words
from intake.parsing.vcard_lines import Property

Label = str | Promise
LABELS: dict[str, Promise] = {
    "ADR": _("Address"),
    "AGENT": _("Assistant’s card"),
    "ANNIVERSARY": _("Anniversary"),
    "BDAY": _("Date of birth"),
    "CATEGORIES": _("Tags"),
    "EMAIL": _("E-mail"),
    "FN": _("Displayed name"),
    "GENDER": _("Gender"),
    "GEO": _("Coordinates"),
    "IMPP": _("Instant messaging"),
    "KEY": _("Public key"),
    "LABEL": _("Address label"),
    "LANG": _("Language"),
    "LOGO": _("Logo"),
    "MEMBER": _("Member"),
    "N": _("Name"),
    "NICKNAME": _("Nickname"),
    "NOTE": _("Note"),
    "ORG": _("Company"),
    "PHOTO": _("Photograph"),
    "PRODID": _("Card made by"),
    "RELATED": _("Related person"),
    "REV": _("Card changed on"),
    "ROLE": _("Job role"),
    "SOUND": _("Sound"),
    "TEL": _("Phone"),
    "TITLE": _("Position"),
    "TZ": _("Time zone"),
    "UID": _("Card number"),
    "URL": _("Web"),
    "VERSION": _("vCard version"),
    "X-ABADR": _("Address format"),
    "X-ABDATE": _("Date"),
    "X-ABRELATEDNAMES": _("Related person"),
    "X-ANNIVERSARY": _("Anniversary"),
    "X-MS-ANNIVERSARY": _("Anniversary"),
    "X-MS-ASSISTANT": _("Assistant"),
    "X-MS-IMADDRESS": _("Instant messaging"),
    "X-MS-MANAGER": _("Superior"),
    "X-PHONETIC-FIRST-NAME": _("First name as pronounced"),
    "X-PHONETIC-LAST-NAME": _("Last name as pronounced"),
}
# Parameters that are read into fields or only say how the value is written.
_UNDERSTOOD = words("TYPE PREF ENCODING CHARSET VALUE LABEL MEDIATYPE")


def label_of(name: str) -> Label:
    """The property's name in the reader's language, or as it is written."""
    return LABELS.get(name, name)


def with_details(label: Label, details: Iterable[Label]) -> Label:
    """The label with what else is known in brackets: `Web (work)`."""
    known = [detail for detail in details if detail]
    return format_lazy("{} ({})", label, format_lazy(", ".join(["{}"] * len(known)), *known)) if known else label


def with_value(label: Label, value: str) -> Label:
    """The label with the value that it speaks of: `Phone 777 123 456`."""
    return format_lazy("{} {}", label, value) if value else label


def unread_parameters(prop: Property) -> list[str]:
    """Parameters that no field holds, as `language=en-us`."""
    return [
        f"{name.lower()}={value}" for name, values in prop.params.items() if name not in _UNDERSTOOD for value in values
    ]

"""Where a column's values may go. There is no silent «ignore»: whatever has no field of its own is a note."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Target(TextChoices):
    """What a column holds. EMAIL, PHONE and the parts of an address also have a kind, see `Kind`."""

    FULL_NAME = "full_name", _("Whole name")
    TITLE_BEFORE = "title_before", _("Title before the name")
    FIRST_NAME = "first_name", _("First name")
    MIDDLE_NAME = "middle_name", _("Middle name")
    LAST_NAME = "last_name", _("Last name")
    TITLE_AFTER = "title_after", _("Title after the name")
    SALUTATION = "salutation", _("Salutation")
    ORGANISATION = "organisation", _("Company")
    ICO = "ico", _("Company number (IČO)")
    DIC = "dic", _("VAT number (DIČ)")
    POSITION = "position", _("Position")
    BIRTH_DATE = "birth_date", _("Date of birth")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    FULL_ADDRESS = "full_address", _("Whole address")
    STREET = "street", _("Street")
    HOUSE_NUMBER = "house_number", _("House number")
    CITY = "city", _("City")
    POSTCODE = "postcode", _("Postcode")
    REGION = "region", _("Region")
    COUNTRY = "country", _("Country")
    LANGUAGE = "language", _("Language")
    TAG = "tag", _("Tags")
    WEB = "web", _("Web")
    NOTE = "note", _("Note with the column’s name")


class Kind(TextChoices):
    """What an e-mail, a phone or an address is for. `kind_of` gives the word that each of them uses."""

    WORK = "work", _("Work")
    PRIVATE = "private", _("Private")
    MOBILE = "mobile", _("Mobile")
    FAX = "fax", _("Fax")
    BILLING = "billing", _("Billing")
    DELIVERY = "delivery", _("Delivery")
    OTHER = "other", _("Other")


# The kinds that each channel of a contact knows; they equal the choices of the models in contacts.
EMAIL_KINDS = frozenset({"work", "private", "billing", "other"})
PHONE_KINDS = frozenset({"mobile", "work", "private", "fax", "other"})
ADDRESS_KINDS = frozenset({"work", "home", "billing", "delivery", "other"})


def kind_of(kind: Kind | None, allowed: frozenset[str], default: str) -> str:
    """The channel's own word for the kind: an address calls private «home», what it does not know is «other»."""
    if kind is None:
        return default
    word = "home" if kind is Kind.PRIVATE and "home" in allowed else kind.value
    return word if word in allowed else "other"


# The parts of an address that belong together when their kind and number agree.
ADDRESS_PARTS = frozenset(
    {
        Target.FULL_ADDRESS,
        Target.STREET,
        Target.HOUSE_NUMBER,
        Target.CITY,
        Target.POSTCODE,
        Target.REGION,
        Target.COUNTRY,
    }
)
# Several columns may go to one of these; to any other only one may (within one address, for its parts).
REPEATABLE = frozenset(
    {Target.EMAIL, Target.PHONE, Target.TAG, Target.WEB, Target.NOTE, Target.STREET, Target.MIDDLE_NAME}
)

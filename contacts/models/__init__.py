"""People and organisations, how to reach them, what happened with them, and how they are found."""

from contacts.models.card import Contact, ContactAlias, Source, Subject, Tag
from contacts.models.channels import EmailAddress, Phone, PostalAddress
from contacts.models.index import AddressToken, NameToken
from contacts.models.timeline import StoredFile, TimelineEntry

__all__ = [
    "AddressToken",
    "Contact",
    "ContactAlias",
    "EmailAddress",
    "NameToken",
    "Phone",
    "PostalAddress",
    "Source",
    "StoredFile",
    "Subject",
    "Tag",
    "TimelineEntry",
]

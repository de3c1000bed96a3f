"""The contacts' part of the data map."""

from contacts.models import Source, TimelineEntry
from privacy.datamap import PLAIN, Entry, Field, Kind

_NAME = Field(Kind.IDENTIFYING, "identity", provided=True)
_SALUTATION = Field(Kind.IDENTIFYING, "identity")
_REACH = Field(Kind.IDENTIFYING, "contact", provided=True)
_ABOUT = Field(Kind.PERSONAL, "identity")
_KIND = Field(Kind.PERSONAL, "identity", provided=True)
_WORK = Field(Kind.PERSONAL, "professional", provided=True)
_TALK = Field(Kind.PERSONAL, "communication")
_SAID = Field(Kind.PERSONAL, "communication", provided=True)
_FILE = Field(Kind.PERSONAL, "documents", provided=True)
_LINK = Field(Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported.")
_STAFF = Field(
    Kind.PERSONAL, "communication", export=False, because="A colleague: the export says who looked and wrote by role."
)
_HASH = Field(Kind.PERSONAL, "identity", export=False, because="A keyed hash of values that the card exports in clear.")
_WITH_CARD = "Deleted with its card."
_FROM_THE_PERSON = {"source__in": sorted(Source.direct())}
_FROM_THEIR_CARD = {"contact__source__in": sorted(Source.direct())}
_SAID_BY_THEM = {"direction": TimelineEntry.Direction.IN.value}
_SENT_BY_THEM = {"entry__direction": TimelineEntry.Direction.IN.value}

DATA_MAP = [
    Entry(
        "contacts.Contact",
        to_contact="id",
        provided_if=_FROM_THE_PERSON,
        ends="Erased on request, or when no ground covers it any more and a colleague confirms.",
        fields={
            "kind": _ABOUT,
            "title_before": _NAME,
            "first_name": _NAME,
            "last_name": _NAME,
            "title_after": _NAME,
            "salutation": _SALUTATION,
            "organisation_name": _NAME,
            "employer": _WORK,
            "position": _WORK,
            "birth_date": _NAME,
            "ico": _NAME,
            "dic": _NAME,
            "language": _KIND,
            "source": _ABOUT,
            "source_detail": _ABOUT,
            "owner": _STAFF,
            "restricted_at": _ABOUT,
            "created_at": _ABOUT,
            "created_by": _STAFF,
            "updated_at": _ABOUT,
        },
    ),
    Entry("contacts.Subject", to_contact="contact", fields={"contact": _LINK}, ends=_WITH_CARD),
    Entry(
        "contacts.ContactAlias",
        to_contact="contact",
        fields={"old_id": _LINK, "contact": _LINK, "merged_at": _ABOUT},
        ends=_WITH_CARD,
    ),
    Entry(
        "contacts.Tag",
        to_contact=None,
        because="Names the colleague who made the word; says nothing of contacts.",
        fields={"name": PLAIN, "made_by": _STAFF},
        ends="Kept while any card carries it; a shared word that must not describe one person.",
    ),
    Entry(
        "contacts.Contact_tags",
        to_contact="contact",
        fields={"contact": _LINK, "tag": Field(Kind.PERSONAL, "preferences")},
        ends=_WITH_CARD,
    ),
    Entry(
        "contacts.EmailAddress",
        to_contact="contact",
        provided_if=_FROM_THE_PERSON,
        fields={"contact": _LINK, "value": _REACH, "kind": _KIND, "source": _ABOUT, "is_primary": _KIND},
        ends=_WITH_CARD,
    ),
    Entry(
        "contacts.Phone",
        to_contact="contact",
        provided_if=_FROM_THE_PERSON,
        fields={"contact": _LINK, "value": _REACH, "kind": _KIND, "source": _ABOUT, "is_primary": _KIND},
        ends=_WITH_CARD,
    ),
    Entry(
        "contacts.PostalAddress",
        to_contact="contact",
        provided_if=_FROM_THEIR_CARD,
        fields={
            "contact": _LINK,
            "street": _REACH,
            "city": _REACH,
            "postcode": _REACH,
            "region": _REACH,
            "country": _REACH,
            "kind": _KIND,
            "is_primary": _KIND,
        },
        ends=_WITH_CARD,
    ),
    Entry(
        "contacts.TimelineEntry",
        to_contact="contact",
        provided_if=_SAID_BY_THEM,
        fields={
            "contact": _LINK,
            "kind": _SAID,
            "direction": _TALK,
            "occurred_at": _SAID,
            "subject": _SAID,
            "body": _SAID,
            "message_digest": _HASH,
            "author": _STAFF,
            "created_at": _TALK,
        },
        ends=_WITH_CARD,
    ),
    Entry(
        "contacts.StoredFile",
        to_contact="contact",
        provided_if=_SENT_BY_THEM,
        fields={
            "contact": _LINK,
            "entry": _LINK,
            "name": _FILE,
            "content_type": _FILE,
            "size": _FILE,
            "storage_name": PLAIN,
            "digest": _HASH,
            "is_evidence": PLAIN,
            "uploaded_by": _STAFF,
            "created_at": _FILE,
        },
        ends=_WITH_CARD,
    ),
    Entry("contacts.NameToken", to_contact="contact", fields={"token": _HASH, "contact": _LINK}, ends=_WITH_CARD),
    Entry(
        "contacts.AddressToken",
        to_contact="contact",
        fields={"digest": _HASH, "kind": PLAIN, "contact": _LINK},
        ends=_WITH_CARD,
    ),
]

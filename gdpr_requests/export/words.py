"""Names of tables, columns and actions as people read them, where the models' own names are for colleagues."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

TABLES: dict[str, str | Promise] = {
    "contacts.Contact": _("The card"),
    "contacts.ContactAlias": _("Former addresses of the card"),
    "contacts.Contact_tags": _("Tags"),
    "contacts.EmailAddress": _("E-mail addresses"),
    "contacts.Phone": _("Phone numbers"),
    "contacts.PostalAddress": _("Postal addresses"),
    "contacts.TimelineEntry": _("Notes, calls, meetings and e-mails"),
    "contacts.StoredFile": _("Files"),
    "consents.LegalGround": _("Grounds on which we hold the data"),
    "consents.ConsentEvent": _("Consents: everything that happened"),
    "consents.Consent": _("Consents: where they stand"),
    "consents.Objection": _("Objections and how they were weighed"),
    "consents.Suppression": _("Addresses that we leave alone"),
    "gdpr_requests.CopyDelivery": _("Copies of the data prepared for you"),
    "gdpr_requests.DataSubjectRequest": _("Your requests and our answers"),
    "gdpr_requests.RequestEvent": _("Your requests: everything that happened"),
    "gdpr_requests.AffectedContact": _("Breaches of security that touched the data"),
    "gdpr_requests.Letter": _("Letters about your rights"),
    "gdpr_requests.LegalHold": _("Legal holds"),
    "gdpr_requests.RecipientNotice": _("Recipients told what became of your data"),
    "gdpr_requests.Restriction": _("Restrictions of processing"),
    "tasks.Task": _("Tasks"),
    "intake.ImportRow": _("Imports that brought the data in"),
    "contacts.Subject": _("Inner links of the card"),
    "contacts.NameToken": _("Search index: names"),
    "contacts.AddressToken": _("Search index: addresses and numbers"),
    "audit.AuditEvent": _("Who looked at the data and who changed them"),
}

FIELDS: dict[str, str | Promise] = {
    "created_at": _("recorded"),
    "updated_at": _("last changed"),
    "merged_at": _("merged"),
    "uploaded_by": _("uploaded by"),
    "created_by": _("recorded by"),
    "recorded_by": _("recorded by"),
    "done_by": _("done by"),
    "restricted_at": _("processing restricted since"),
    "halted_at": _("halted since"),
    "objected_at": _("objected since"),
    "confirmed_at": _("last confirmed by the person"),
    "decided_by": _("decided by"),
    "placed_by": _("restricted by"),
    "told_by": _("told by"),
    "lifted_by": _("lifted by"),
    "tag": _("tag"),
    "label": _("about"),
    "problems": _("remarks"),
    "state": _("state"),
    "purpose": _("purpose"),
    "channel": _("channel"),
    "target_type": _("kind of record"),
    "fields": _("which fields"),
    "detail": _("details"),
    "actor": _("who"),
    "contact_id": _("card"),
}

ACTIONS: dict[str, str | Promise] = {
    "contact.viewed": _("the card was opened in daily work"),
    "contact.shown": _("all data were shown, to answer a request for access"),
    "contact.exported": _("a copy of all data was made"),
    "contact.created": _("the card was made"),
    "contact.changed": _("data were corrected"),
    "contact.typo_corrected": _("a slip in an address was corrected"),
    "contact.merged": _("two cards were merged"),
    "contact.found": _("the card came up in a search"),
    "contact.restricted": _("processing was restricted"),
    "contact.restriction_notified": _("the person was told that a restriction ends"),
    "contact.released": _("the restriction of processing was lifted"),
    "erasure.previewed": _("an erasure was prepared"),
    "ground.opened": _("a ground was recorded"),
    "ground.ended": _("a ground ended"),
    "ground.event_recorded": _("it was recorded from when a period counts"),
    "ground.followed_contact": _("a period moved with the last contact"),
    "ground.prolonged": _("a ground was prolonged"),
    "consent.requested": _("a consent was asked for"),
    "consent.given": _("a consent was recorded"),
    "consent.confirmed": _("a consent was confirmed"),
    "consent.renewed": _("a consent was renewed"),
    "consent.refused": _("a refusal was recorded"),
    "consent.withdrawn": _("a withdrawal was recorded"),
    "consent.expired": _("a consent expired"),
    "consent.objected": _("an objection was recorded"),
    "consent.overruled": _("an objection was weighed and the processing went on"),
    "consent.corrected": _("the address of a consent was corrected"),
    "objection.raised": _("an objection to a processing was recorded"),
    "objection.decided": _("an objection was weighed"),
    "consent.proof_shown": _("the proof of your consents was looked at"),
    "consent.proof_made": _("the proof of your consents was made as a file"),
    "consent.receipt_made": _("the receipt of a consent was made"),
    "recipients.noted": _("recipients were to be told of a correction"),
    "recipients.notified": _("recipients were told of a correction"),
    "delivery.prepared": _("a copy of the data was prepared to be fetched"),
    "delivery.fetched": _("a prepared copy was fetched with its code"),
    "delivery.refused": _("a wrong code was entered for a prepared copy"),
    "delivery.ended": _("a prepared copy ended"),
    "file.added": _("a file was added"),
    "file.opened": _("a file was opened"),
    "file.removed": _("a file was removed"),
    "timeline.added": _("a note or message was written on the card"),
    "timeline.changed": _("a note or message was changed"),
    "timeline.removed": _("a note or message was removed"),
}

# What an action of a room means where the table above has no words for it yet.
ROOMS: dict[str, str | Promise] = {
    "task": _("work on a task"),
    "contact": _("work with the card"),
    "consent": _("work with consents"),
    "import": _("an import"),
    "outreach": _("a message or mailing list"),
    "mailinglist": _("a mailing list was made"),
    "erasure": _("an erasure"),
    "letter": _("a letter about your rights"),
}


# In which order people read the tables; one that is not named comes after these.
ORDER = (
    "contacts.Contact",
    "contacts.EmailAddress",
    "contacts.Phone",
    "contacts.PostalAddress",
    "contacts.Contact_tags",
    "contacts.TimelineEntry",
    "contacts.StoredFile",
    "consents.LegalGround",
    "consents.Consent",
    "consents.ConsentEvent",
    "consents.Suppression",
    "gdpr_requests.Letter",
    "tasks.Task",
)


def rank(model: str) -> int:
    """The place of a table among others."""
    return ORDER.index(model) if model in ORDER else len(ORDER)


def table_words(model: type[models.Model]) -> str | Promise:
    """The heading of a table."""
    return TABLES.get(model._meta.label) or model._meta.verbose_name_plural or ""


def field_words(field: Any) -> str | Promise:
    """The name of a column."""
    name = field.name.removesuffix("_id") if field.name.endswith("_by_id") or field.name == "actor_id" else field.name
    words: str | Promise = FIELDS.get(name) or field.verbose_name
    return words


def action_label(action: str) -> str:
    """Why somebody touched the data, from the code in the audit record."""
    words = ACTIONS.get(action) or ROOMS.get(action.partition(".")[0])
    return str(words) if words else gettext("other work with the data")

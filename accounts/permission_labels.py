"""The permissions in plain words, for the page of a role and for docs/permissions.md."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

ROOMS: Mapping[str, str] = {
    "contacts": gettext_noop("Contacts"),
    "consents": gettext_noop("Purposes and consents"),
    "tasks": gettext_noop("Tasks"),
    "gdpr_requests": gettext_noop("Rights of people"),
    "outreach": gettext_noop("Mailing lists"),
    "audit": gettext_noop("Audit"),
    "accounts": gettext_noop("People and installation"),
    "auth": gettext_noop("Roles"),
}

LABELS: Mapping[str, str] = {
    "contacts.view_contact": gettext_noop("see contacts (which ones, the installation decides)"),
    "contacts.view_all_contacts": gettext_noop("see all contacts, whatever the installation decides"),
    "contacts.add_contact": gettext_noop("add contacts"),
    "contacts.change_contact": gettext_noop("correct contacts"),
    "contacts.delete_contact": gettext_noop("discard contacts added by mistake"),
    "contacts.import_contact": gettext_noop("import contacts"),
    "contacts.merge_contact": gettext_noop("merge two cards of one person"),
    "contacts.export_contact": gettext_noop("export all data of a person"),
    "consents.view_purpose": gettext_noop("see purposes"),
    "consents.view_consent": gettext_noop("see grounds and consents"),
    "consents.record_consent": gettext_noop("record, renew and withdraw consents and grounds"),
    "consents.manage_purpose": gettext_noop("manage purposes, notices and balancing tests"),
    "contacts.restrict_contact": gettext_noop("restrict processing, correct a restricted card, lift the restriction"),
    "consents.manage_suppression": gettext_noop("look up addresses to leave alone and lift them"),
    "consents.weigh_objection": gettext_noop("weigh objections to processing"),
    "tasks.view_task": gettext_noop("see tasks"),
    "tasks.add_task": gettext_noop("add tasks"),
    "tasks.change_task": gettext_noop("work on tasks"),
    "tasks.assign_task": gettext_noop("assign tasks to others"),
    "gdpr_requests.manage_lettertemplate": gettext_noop("edit the templates of letters"),
    "gdpr_requests.erase_contact": gettext_noop("erase a person for good"),
    "gdpr_requests.erase_in_bulk": gettext_noop("plan, approve and refuse erasures of many people"),
    "gdpr_requests.manage_hold": gettext_noop("place and release legal holds"),
    "gdpr_requests.view_datasubjectrequest": gettext_noop("see requests of people (their own, and of cards they see)"),
    "gdpr_requests.handle_request": gettext_noop("record and answer requests of people"),
    "gdpr_requests.decide_request": gettext_noop("see all requests, give them to colleagues, extend and refuse them"),
    "gdpr_requests.view_breach": gettext_noop("read the breach register"),
    "gdpr_requests.manage_breach": gettext_noop("record breaches and decide about them"),
    "gdpr_requests.view_consentproof": gettext_noop("prove the consents of one person"),
    "gdpr_requests.view_inspectionpack": gettext_noop("see the record of processing, make the pack for an inspector"),
    "outreach.export_mailinglist": gettext_noop("export mailing lists"),
    "audit.view_auditevent": gettext_noop("read the audit record"),
    "accounts.view_user": gettext_noop("see colleagues' accounts"),
    "accounts.add_user": gettext_noop("invite colleagues"),
    "accounts.change_user": gettext_noop("change and deactivate colleagues' accounts"),
    "accounts.delete_user": gettext_noop("remove accounts that were never used"),
    "accounts.view_team": gettext_noop("see teams"),
    "accounts.add_team": gettext_noop("add teams"),
    "accounts.change_team": gettext_noop("rename teams and put people into them"),
    "accounts.delete_team": gettext_noop("remove teams"),
    "accounts.view_installation": gettext_noop("see the settings of the installation"),
    "accounts.manage_installation": gettext_noop("change the settings of the installation"),
    "auth.view_group": gettext_noop("see roles"),
    "auth.add_group": gettext_noop("add roles"),
    "auth.change_group": gettext_noop("change what roles may do"),
    "auth.delete_group": gettext_noop("remove roles that nobody has"),
}


def room_label(permission: str) -> str:
    """The room that a permission belongs to, in the reader's language."""
    room = permission.partition(".")[0]
    return gettext(ROOMS.get(room, room))


def permission_label(permission: str) -> str:
    """What a permission allows, in the reader's language; its own name where nobody described it."""
    return gettext(LABELS[permission]) if permission in LABELS else permission

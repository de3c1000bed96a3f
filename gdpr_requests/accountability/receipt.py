"""A consent receipt in the terms of ISO/IEC TS 27560:2023, described by docs/consent-receipt.schema.json.

Field names and their meaning follow clauses 6.3.3 to 6.3.7 of the specification; values of states and types are terms
of the W3C Data Privacy Vocabulary (DPV 2). What the specification has no field for stands under `extension`.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import Channel, ConsentEvent, DataCategory, EventKind, Purpose
from consents.services.ledger import GIVING
from gdpr_requests.accountability.consents import Happened, Proof
from gdpr_requests.accountability.words import joined, period_text
from gdpr_requests.authority import supervisory_authority
from gdpr_requests.export.information import recipients_of_purpose, rights
from gdpr_requests.export.values import category_label

Json = dict[str, Any]
SCHEMA_VERSION = "ISO/IEC TS 27560:2023; karta-consent-receipt/1"
PRINCIPAL, CONTROLLER, AUTHORITY = "pii-principal", "pii-controller", "authority"
SPECIAL = frozenset({DataCategory.HEALTH, DataCategory.SPECIAL})
SENSITIVE = SPECIAL | {DataCategory.FINANCIAL}
# DPV 2, consent status.
STATES: Mapping[str, str] = {
    EventKind.REQUESTED: "dpv:ConsentRequested",
    EventKind.GIVEN: "dpv:ConsentGiven",
    EventKind.CONFIRMED: "dpv:ConsentGiven",
    EventKind.RENEWED: "dpv:RenewedConsentGiven",
    EventKind.REFUSED: "dpv:ConsentRefused",
    EventKind.WITHDRAWN: "dpv:ConsentWithdrawn",
    EventKind.OBJECTED: "dpv:ConsentWithdrawn",
    EventKind.EXPIRED: "dpv:ConsentExpired",
}


def receipt(proof: Proof, language: str) -> Json:
    """The receipt of one consent: the same state of the consent gives the same receipt, whenever it is made."""
    consent = proof.consent
    with translation.override(language):
        return {
            "schema_version": SCHEMA_VERSION,
            "receipt_id": str(uuid.uuid5(consent.pk, str(consent.last_event_id))),
            "record": {
                "header": {
                    "schema_version": SCHEMA_VERSION,
                    "record_id": str(consent.pk),
                    "pii_principal_id": str(consent.subject_id),
                },
                "pii_processing": {
                    "privacy_notice": f"{settings.SITE_URL}/privacy/{language}/",
                    "language": language,
                    "purposes": [_purpose(proof)],
                },
                "party_identification": _parties(consent.purpose),
                "events": [_event(one) for one in proof.history],
            },
        }


def receipt_json(proof: Proof, language: str) -> bytes:
    """The receipt as a file."""
    return json.dumps(receipt(proof, language), ensure_ascii=False, indent=1).encode()


def _purpose(proof: Proof) -> Json:
    """Clause 6.3.4: the processing that the consent is about."""
    purpose = proof.consent.purpose
    own = Installation.current()
    channels = [proof.consent.channel] if proof.consent.channel != Channel.ANY else purpose.channel_codes
    ways = ", ".join(str(Channel(code).label) for code in channels)
    outside = joined([purpose.transfers])
    return {
        "purpose": purpose.description,
        "purpose_type": "dpv:Marketing" if purpose.is_marketing else "dpv:Purpose",
        "lawful_basis": "GDPR Art. 6(1)(a)",
        "pii_information": [_pii(code) for code in DataCategory.values if code in purpose.categories],
        "pii_controllers": [CONTROLLER],
        "collection_method": str(proof.consent.get_method_display()),
        "processing_method": gettext("storage, and messages by: %(ways)s") % {"ways": ways},
        "storage_locations": [gettext("European Economic Area"), *outside.splitlines()],
        "retention_period": f"P{purpose.retention_months}M",
        "jurisdiction": "EU",
        "recipient_third_parties": [f"recipient-{n + 1}" for n in range(len(recipients_of_purpose(purpose)))],
        "withdrawal_method": gettext("At any time, free of charge and without giving a reason: %(where)s")
        % {"where": own.email or own.address or own.name},
        "privacy_rights": [f"GDPR Art. {right['article']}: {right['text']}" for right in rights()],
        "authority_party": AUTHORITY,
        "extension": {"purpose_id": purpose.slug, "name": purpose.name, "retention_reason": period_text(purpose)},
    }


def _pii(code: str) -> Json:
    """Clause 6.3.5. Nobody has to consent, so no data are asked for that could not be left out."""
    return {
        "pii_type": category_label(code),
        "pii_attribute_id": code,
        "pii_optional": True,
        "sensitive_pii_category": code in SENSITIVE,
        "special_pii_category": code in SPECIAL,
    }


def _parties(purpose: Purpose) -> list[Json]:
    """Clause 6.3.6: the company, the authority, and whoever else gets the data."""
    own, authority = Installation.current(), supervisory_authority()
    unknown = gettext("not recorded")
    parties = [
        {
            "party_id": CONTROLLER,
            "party_name": own.name or unknown,
            "party_address": own.address or unknown,
            "party_email": own.email,
            "party_phone": own.phone,
            "party_url": settings.SITE_URL,
            "party_role": "dpv:DataController",
            "party_contact": own.dpo_contact or own.email or unknown,
            "party_type": "pii_controller",
            "extension": {"registration_number": own.registration_number},
        },
        {
            "party_id": AUTHORITY,
            "party_name": authority["name"],
            "party_address": authority["address"],
            "party_url": authority["web"],
            "party_role": "dpv:DataProtectionAuthority",
            "party_contact": authority["web"] or authority["address"],
            "party_type": "authority",
        },
    ]
    for number, name in enumerate(recipients_of_purpose(purpose), start=1):
        parties.append(
            {
                "party_id": f"recipient-{number}",
                "party_name": name,
                "party_address": unknown,
                "party_role": "dpv:Recipient",
                "party_contact": unknown,
                "party_type": "third_party",
            }
        )
    return parties


def _event(one: Happened) -> Json:
    """Clause 6.3.7. What the person did is theirs; what the system did by itself is the company's."""
    event = one.event
    return {
        "event_time": timezone.localtime(event.occurred_at).isoformat(),
        "validity_duration": _validity(event),
        "entity_id": CONTROLLER if event.kind in (EventKind.EXPIRED, EventKind.REQUESTED) else PRINCIPAL,
        "event_type": "dpv:ExplicitlyExpressedConsent" if event.purpose.special_condition else "dpv:ExpressedConsent",
        "event_state": STATES[event.kind],
        "extension": {
            "kind": event.kind,
            "method": event.method,
            "channel": event.channel,
            "address": event.address,
            "has_evidence": not event.is_weak and bool(event.evidence_reference or event.evidence_file_id),
            "notice": _notice(event),
            "recorded_at": timezone.localtime(event.recorded_at).isoformat(),
            "sequence": event.sequence,
            "mac": event.mac,
        },
    }


def _notice(event: ConsentEvent) -> Json | None:
    shown = event.notice
    if shown is None:
        return None
    return {"language": shown.language, "version": shown.version, "text": shown.text, "sha256": shown.sha256}


def _validity(event: ConsentEvent) -> str:
    """An interval (ISO 8601) from the event to the end of its last day; "P0D" where the event opens nothing."""
    if event.kind not in GIVING or event.valid_until is None:
        return "P0D"
    start = timezone.localtime(event.occurred_at)
    end = timezone.make_aware(dt.datetime.combine(event.valid_until, dt.time(23, 59, 59)))
    return f"{start.isoformat()}/{end.isoformat()}"

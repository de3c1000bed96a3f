"""The proof of one person's consents as a document: exact texts, every event, hashes, chains, evidence (Art. 7(1))."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Installation
from consents.models import ConsentEvent, NoticeVersion
from gdpr_requests.accountability.consents import Happened, Proof, Proofs, text_is_unchanged
from gdpr_requests.accountability.words import controller_facts
from gdpr_requests.export.document import Document, Facts, Section
from gdpr_requests.export.values import day_text, moment_text


def proof_document(proofs: Proofs, language: str) -> Document:
    """All consents of the card on one paper, to be handed to the person or to an inspector."""
    with translation.override(language):
        return Document(
            language=language,
            title=gettext("Proof of consent"),
            person=proofs.contact.display_name,
            made=gettext("made on %(day)s") % {"day": day_text(timezone.localdate())},
            intro=gettext(
                "What the person agreed to, when and how, with the exact text that was shown (Art. 7(1) GDPR). Events "
                "are only ever added; each is bound to the one before it."
            ),
            controller=controller_facts(Installation.current()),
            sections=[_verdict(proofs), *map(_consent, proofs.consents)],
            footer=gettext("Proof of consent under Art. 7(1) GDPR"),
            words={"controller": gettext("Controller")},
        )


def _verdict(proofs: Proofs) -> Section:
    holds = gettext("The chain holds: no event was changed, put in or taken out between others.")
    broken = gettext("The chain does not hold. The events below must not be relied on before this is explained.")
    facts = [
        (gettext("Events"), str(proofs.verdict.events)),
        (gettext("Chain"), holds if proofs.verdict.ok else broken),
    ]
    text = "" if proofs.consents else gettext("No consent has been recorded for this person.")
    return Section(id="verification", title=gettext("Verification"), text=text, facts=facts)


def _consent(proof: Proof) -> Section:
    consent = proof.consent
    events = [(_title(one), _event(one)) for one in proof.history]
    texts = [_text(notice) for notice in proof.notices]
    return Section(id=f"consent-{consent.pk}", title=consent.purpose.name, facts=_state(proof), groups=texts + events)


def _text(notice: NoticeVersion) -> tuple[str, Facts]:
    same, other = gettext("the text has this digest"), gettext("THE TEXT DOES NOT HAVE THIS DIGEST")
    title = gettext("Text shown: version %(version)d of %(day)s") % {
        "version": notice.version,
        "day": day_text(timezone.localdate(notice.created_at)),
    }
    facts = [
        (gettext("Exact text"), notice.text),
        ("SHA-256", notice.sha256),
        (gettext("Comparison"), same if text_is_unchanged(notice) else other),
    ]
    return title, facts


def _state(proof: Proof) -> Facts:
    consent = proof.consent
    pairs = [
        (gettext("State"), str(consent.get_state_display())),
        (gettext("Channel"), str(consent.get_channel_display())),
        (gettext("Given"), moment_text(consent.given_at) if consent.given_at else ""),
        (gettext("Valid until"), day_text(consent.valid_until) if consent.valid_until else ""),
        (gettext("What for"), consent.purpose.description),
        (gettext("Text shown"), "" if proof.notices else gettext("none is recorded")),
        (gettext("Number of the consent"), str(consent.pk)),
    ]
    return [(term, value) for term, value in pairs if value]


def _title(one: Happened) -> str:
    return f"{moment_text(one.event.occurred_at)} · {one.event.get_kind_display()}"


def _event(one: Happened) -> Facts:
    event = one.event
    pairs = [
        (gettext("How"), str(event.get_method_display())),
        (gettext("Address"), event.address),
        (gettext("Valid until"), day_text(event.valid_until) if event.valid_until else ""),
        (gettext("Text shown"), _shown(event)),
        (gettext("Evidence"), _evidence(one)),
        (gettext("Recorded"), moment_text(event.recorded_at)),
        (gettext("Recorded by"), one.recorded_by or gettext("the system")),
        (gettext("Seal of the event"), f"{event.sequence} · {event.mac}"),
        (gettext("In the audit"), _audited(one)),
    ]
    return [(term, value) for term, value in pairs if value]


def _shown(event: ConsentEvent) -> str:
    """Which version it was; one that came into the system only after the event is said to be so."""
    if event.notice is None:
        return ""
    told = gettext("version %(version)d") % {"version": event.notice.version}
    entered = timezone.localdate(event.notice.created_at)
    if entered <= timezone.localdate(event.occurred_at):
        return told
    return f"{told}, {gettext('entered into the system only on %(day)s') % {'day': day_text(entered)}}"


def _audited(one: Happened) -> str:
    return gettext("link %(number)d") % {"number": one.audit_position} if one.audit_position else ""


def _evidence(one: Happened) -> str:
    event, file, lines = one.event, one.evidence, [one.event.evidence_reference]
    if file is not None:
        lines.append(gettext("file “%(name)s”, %(size)d bytes") % {"name": file.name, "size": file.size})
        lines.append(f"SHA-256 {file.sha256}" if file.sha256 else gettext("the file can’t be opened"))
    elif event.evidence_file_id:
        lines.append(gettext("the file is no longer kept"))
    if event.is_weak:
        lines.append(gettext("without evidence of its own: it proves nothing"))
    return "\n".join(line for line in lines if line)

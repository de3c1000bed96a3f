"""The papers of the pack that stand nowhere else: how to read it, numbers, breaches, rules, verification."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language, gettext

from accounts.models import Installation
from audit.verification import verify
from consents.models import DataCategory
from consents.verify import verify_consents
from gdpr_requests.accountability.measures import measures
from gdpr_requests.accountability.pack import statistics
from gdpr_requests.accountability.pack.redaction import redacted
from gdpr_requests.export.document import Document, Facts, Section
from gdpr_requests.export.values import category_label, day_text, moment_text
from gdpr_requests.models import Breach


def paper(title: str, intro: str, sections: list[Section]) -> Document:
    """A paper of the company in the language that is active."""
    return Document(
        language=get_language() or "cs",
        title=title,
        person=Installation.current().name,
        made=gettext("made on %(day)s") % {"day": day_text(timezone.localdate())},
        intro=intro,
        controller=[],
        sections=sections,
        footer=gettext("Pack for an inspector"),
        words={},
    )


def read_first(contents: Facts) -> Document:
    """What is in the pack, and how the consent of one person is proved on demand."""
    steps = [
        gettext("Name the person by e-mail, phone or name. The data protection officer finds the card in the search."),
        gettext("On the card, under the history of consents, they open Proof and receipts and confirm their password."),
        gettext(
            "They download the proof: one PDF with the exact text that was shown, every event with time, method and "
            "evidence, the digests, and whether the chain of events holds. A receipt in ISO/IEC TS 27560 terms stands "
            "beside it."
        ),
        gettext("Evidence files are handed over from the card; their SHA-256 stands in the proof."),
        gettext("Each proof is itself recorded in the audit."),
    ]
    return paper(
        gettext("Pack for an inspector"),
        gettext(
            "Records, rules and their proofs. The pack holds no data about any contact; names of colleagues stand only "
            "where they answer for a record. manifest.json lists every file with its SHA-256."
        ),
        [
            Section(id="contents", title=gettext("What is inside"), facts=contents),
            Section(
                id="on-demand",
                title=gettext("Proof of one person’s consent, on demand"),
                facts=[(f"{number}.", step) for number, step in enumerate(steps, start=1)],
            ),
        ],
    )


def request_numbers() -> Document:
    """Statistics of requests."""
    rows = statistics.table()
    head = statistics.head()
    return paper(
        gettext("Requests of people in numbers"),
        gettext("Counts only. The register itself is shown on the spot, to whoever may see the people in it."),
        [
            Section(
                id=f"group-{number}",
                title=f"{row[0]} · {row[1]}",
                facts=[(name, value) for name, value in zip(head[2:], row[2:], strict=True) if value != "0"],
            )
            for number, row in enumerate(rows)
        ]
        or [Section(id="none", title=gettext("Requests"), text=gettext("No request has been recorded."))],
    )


def breach_register() -> Document:
    """Every breach (Art. 33(5)). Words of colleagues go through the redaction: nobody is named."""
    rows = Breach.objects.order_by("-became_aware_at")
    sections = [Section(id=f"breach-{row.pk}", title=row.number, facts=_breach(row)) for row in rows]
    return paper(
        gettext("Register of breaches"),
        gettext(
            "Every breach of security, whether the authority was notified or not (Art. 33(5) GDPR). "
            "Whatever could name somebody was replaced by […]."
        ),
        sections or [Section(id="none", title=gettext("Register"), text=gettext("No breach has been recorded."))],
    )


def _breach(row: Breach) -> Facts:
    natures = dict(Breach.Nature.choices)
    pairs = [
        (gettext("What kind"), ", ".join(str(natures.get(code, code)) for code in row.natures)),
        (gettext("Became aware"), moment_text(row.became_aware_at)),
        (gettext("Facts"), redacted(row.facts)),
        (gettext("Effects"), redacted(row.effects)),
        (gettext("Remedy"), redacted(row.remedy)),
        (
            gettext("Categories of data"),
            ", ".join(category_label(c) for c in row.categories if c in DataCategory.values),
        ),
        (gettext("Contacts found"), str(row.affected_count)),
        (gettext("Risk"), str(row.get_risk_display())),
        (gettext("Why this risk"), redacted(row.risk_reason)),
        (gettext("Decision"), str(row.get_decision_display())),
        (gettext("Why so decided"), redacted(row.decision_reason)),
        (gettext("Authority notified"), moment_text(row.authority_notified_at) if row.authority_notified_at else ""),
        (gettext("Reasons for the delay"), redacted(row.delay_reason)),
        (gettext("The people"), str(row.get_people_decision_display())),
        (gettext("People told"), moment_text(row.people_notified_at) if row.people_notified_at else ""),
        (gettext("State"), str(row.get_state_display())),
    ]
    return [(term, value) for term, value in pairs if value]


def _categories(row: Breach) -> str:
    return ", ".join(category_label(code) for code in DataCategory.values if code in row.categories)


def breach_rules() -> Document:
    """What is done when a breach is found: the rules that the system follows and enforces (Art. 33, 34)."""
    rules = [
        gettext("Whoever finds out tells the data protection officer at once. Every breach is recorded, small or not."),
        gettext(
            "The 72 hours run from becoming aware, weekends and holidays included. The system makes a task at the "
            "start, one 24 hours before the end and one at the end."
        ),
        gettext("The register asks for facts, effects, remedy, kinds of data and number of people (Art. 33(3), (5))."),
        gettext("The contacts concerned are found from the audit: who was looked at, changed or exported, and when."),
        gettext(
            "The risk is assessed with reasons. Only where a risk is unlikely is the authority not notified, and the "
            "reasons stay in the register."
        ),
        gettext("A notification after 72 hours gives the reasons for the delay; the system takes none without them."),
        gettext("On a high risk the people are told in plain words, unless an exception of Art. 34(3) applies."),
        gettext("A breach is closed only when effects, remedy, risk and decision are recorded."),
    ]
    return paper(
        gettext("Rules for breaches of security"),
        gettext("How the company proceeds under Art. 33 and 34 GDPR."),
        [
            Section(
                id="rules",
                title=gettext("What is done"),
                facts=[(f"{number}.", rule) for number, rule in enumerate(rules, start=1)],
            )
        ],
    )


def security_measures() -> Document:
    """Art. 32, as the record of processing names them."""
    facts = [(f"{number}.", text) for number, text in enumerate(measures(), start=1)]
    return paper(
        gettext("Security measures"),
        gettext("Technical and organisational measures under Art. 32 GDPR."),
        [Section(id="measures", title=gettext("What we do"), facts=facts)],
    )


def verification() -> Document:
    """Whether the audit and the ledger of consents are what was recorded, as of now."""
    audit, consents = verify(), verify_consents()
    holds, broken = gettext("holds"), gettext("DOES NOT HOLD")
    audit_facts = [
        (gettext("Result"), holds if audit.ok else f"{broken} ({audit.reason})"),
        (gettext("Links verified"), str(audit.links)),
        (gettext("Up to link"), str(audit.head)),
    ]
    consent_facts = [
        (gettext("Result"), holds if consents.ok else broken),
        (gettext("Events verified"), str(consents.events)),
        (gettext("Chains that do not hold"), str(len(consents.broken))),
    ]
    return paper(
        gettext("Verification of the records"),
        gettext(
            "Each entry is bound to the one before it by a keyed digest; an entry that was changed, put in or taken "
            "out shows. The end of the audit is also kept outside the database."
        ),
        [
            Section(id="audit", title=gettext("Record of who saw and changed what"), facts=audit_facts),
            Section(id="consents", title=gettext("Ledger of consents"), facts=consent_facts),
        ],
    )

"""A balancing test (Art. 6(1)(f)) as a document: every question with its answer, the outcome, who and when."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from consents.models import STEPS, BalancingTest
from contacts.collation import in_order
from gdpr_requests.export.document import Document, Facts, Section
from gdpr_requests.export.values import day_text

PURPOSE = ("interest", "benefit", "importance")
NECESSITY = ("necessity", "proportion", "gentler_way")
BALANCE = tuple(name for name in STEPS if name not in (*PURPOSE, *NECESSITY))


def assessment(test: BalancingTest, language: str) -> Document:
    """The test as it stands. Its author is named: somebody answers for it."""
    with translation.override(language):
        return Document(
            language=language,
            title=gettext("Balancing test"),
            person=test.name,
            made=gettext("version %(version)d of %(day)s") % {"version": test.version, "day": day_text(test.dated)},
            intro=gettext(
                "Whether a legitimate interest outweighs the interests, rights and freedoms of the people concerned "
                "(Art. 6(1)(f) GDPR). It is dated before the processing starts; no ground may begin earlier."
            ),
            controller=[],
            sections=[
                Section(id="outcome", title=gettext("Outcome"), facts=_outcome(test)),
                Section(id="purpose", title=gettext("1. Which interest"), facts=_answers(test, PURPOSE)),
                Section(id="necessity", title=gettext("2. Is it necessary"), facts=_answers(test, NECESSITY)),
                Section(id="balance", title=gettext("3. What it means for the person"), facts=_answers(test, BALANCE)),
            ],
            footer=gettext("Assessment of a legitimate interest under Art. 6(1)(f) GDPR"),
            words={},
        )


def _answers(test: BalancingTest, names: tuple[str, ...]) -> Facts:
    told = [(BalancingTest._meta.get_field(name), getattr(test, name)) for name in names]
    return [(_capital(str(field.verbose_name)), value or gettext("not answered")) for field, value in told]  # type: ignore[union-attr]


def _outcome(test: BalancingTest) -> Facts:
    earlier = test.replaces
    later = BalancingTest.objects.filter(replaces=test).first()
    pairs = [
        (gettext("Outcome"), str(test.get_outcome_display())),
        (gettext("Author"), str(test.owner) if test.owner else ""),
        (gettext("Dated"), day_text(test.dated)),
        (gettext("Review on"), day_text(test.review_on)),
        (gettext("Version"), str(test.version)),
        (gettext("Replaces"), _named(earlier) if earlier else ""),
        (gettext("Replaced by"), _named(later) if later else ""),
        (gettext("Purposes that rest on it"), ", ".join(in_order([p.name for p in test.purposes.all()], str))),
    ]
    return [(term, value) for term, value in pairs if value]


def _named(test: BalancingTest) -> str:
    return gettext("version %(version)d of %(day)s") % {"version": test.version, "day": day_text(test.dated)}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Proving one person's consents: a page, one PDF, and a receipt for each consent."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.current import current_user
from accounts.reauth import reauthentication_required
from audit.services import record
from consents.models import Consent
from contacts.access import get_contact_for
from gdpr_requests.accountability.consents import gather_proofs
from gdpr_requests.accountability.proof import proof_document
from gdpr_requests.accountability.receipt import receipt_json
from gdpr_requests.accountability.views_records import attachment, language
from gdpr_requests.export.document import language_of
from gdpr_requests.export.people import summary_pdf

proves = permission_required("gdpr_requests.view_consentproof", raise_exception=True)


@never_cache
@proves
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """GET: every consent of the card with its proof. POST: the same as one PDF. Either is recorded."""
    user = current_user(request)
    contact = get_contact_for(user, pk)
    proofs = gather_proofs(contact)
    document = proof_document(proofs, language())
    if request.method == "POST":
        record("consent.proof_made", actor=user, contact_id=contact.pk)
        name = f"proof-of-consent-{timezone.localdate().isoformat()}.pdf"
        return attachment(summary_pdf(document), "application/pdf", name)
    record("consent.proof_shown", actor=user, contact_id=contact.pk)
    context = {"contact": contact, "document": document, "proofs": proofs}
    return render(request, "gdpr_requests/accountability/proof.html", context)


@never_cache
@proves
@reauthentication_required
@require_POST
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt of one consent, in the person's language."""
    user = current_user(request)
    consent = Consent.objects.select_related("subject").filter(pk=pk).first()
    if consent is None:
        raise Http404
    contact = get_contact_for(user, consent.subject.contact_id)
    one = next((p for p in gather_proofs(contact).consents if p.consent.pk == pk), None)
    if one is None:
        raise Http404
    record("consent.receipt_made", actor=user, contact_id=contact.pk, target=consent)
    name = f"consent-receipt-{timezone.localdate().isoformat()}.json"
    return attachment(receipt_json(one, language_of(contact)), "application/json", name)

"""Addresses of what shows that the rules are kept."""

from django.conf import settings
from django.urls import path

from gdpr_requests.accountability import views_notice, views_packs, views_proof, views_records

urlpatterns = [
    path("contacts/<uuid:pk>/proof/", views_proof.proof, name="proof"),
    path("consents/<uuid:pk>/receipt/", views_proof.receipt, name="receipt"),
    path("privacy/", views_notice.notice, {"language": settings.LANGUAGE_CODE}, name="privacy"),
    path("privacy/<slug:language>/", views_notice.notice, name="notice"),
    path("privacy/<slug:language>/versions/", views_notice.versions, name="notice_versions"),
    path("privacy/<slug:language>/versions/<int:version>/", views_notice.version, name="notice_version"),
    path("reports/processing/", views_records.processing, name="processing"),
    path("reports/processing/measures/", views_records.measure_list, name="measures"),
    path("reports/processing/measures/<slug:which>/", views_records.measure, name="measure"),
    path("reports/processing/<slug:form>/", views_records.processing_file, name="processing_file"),
    path("reports/packs/", views_packs.packs, name="packs"),
    path("reports/packs/<uuid:pk>/", views_packs.download, name="pack"),
    path("reports/packs/<uuid:pk>/progress/", views_packs.progress, name="pack_progress"),
    path("reports/balancing-tests/<uuid:pk>/", views_records.balancing_test, name="balancing_test"),
    path("reports/balancing-tests/<uuid:pk>/pdf/", views_records.balancing_test_pdf, name="balancing_test_pdf"),
]

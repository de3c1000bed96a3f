"""Addresses of what shows that the rules are kept."""

from django.urls import path

from gdpr_requests.accountability import views_notice

urlpatterns = [
    path("privacy/", views_notice.notice, {"language": "cs"}, name="privacy"),
    path("privacy/<slug:language>/", views_notice.notice, name="notice"),
    path("privacy/<slug:language>/versions/", views_notice.versions, name="notice_versions"),
    path("privacy/<slug:language>/versions/<int:version>/", views_notice.version, name="notice_version"),
]

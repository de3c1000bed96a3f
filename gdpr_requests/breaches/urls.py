"""Addresses of the breach register."""

from django.urls import path

from gdpr_requests.breaches import views, views_affected

urlpatterns = [
    path("", views.register, name="breaches"),
    path("new/", views.new, name="breach_new"),
    path("<uuid:pk>/", views.breach, name="breach"),
    path("<uuid:pk>/edit/", views.edit, name="breach_edit"),
    path("<uuid:pk>/assess/", views.assess, name="breach_assess"),
    path("<uuid:pk>/notified/", views.notified, name="breach_notified"),
    path("<uuid:pk>/told/", views.told, name="breach_told"),
    path("<uuid:pk>/close/", views.close, name="breach_close"),
    path("<uuid:pk>/reopen/", views.reopen, name="breach_reopen"),
    path("<uuid:pk>/notice/<slug:kind>/", views.notice, name="breach_notice"),
    path("<uuid:pk>/notice/<slug:kind>/<slug:form>/", views.notice_file, name="breach_notice_file"),
    path("<uuid:pk>/affected/", views_affected.affected, name="breach_affected"),
    path("<uuid:pk>/affected/<uuid:row>/remove/", views_affected.remove, name="breach_affected_remove"),
]

"""Addresses of restrictions, below the card."""

from django.urls import path

from gdpr_requests.restriction import views

urlpatterns = [
    path("contacts/<uuid:pk>/restriction/", views.restriction, name="restriction"),
    path("contacts/<uuid:pk>/restriction/notice/", views.notice, name="restriction_notice"),
    path("contacts/<uuid:pk>/restriction/lift/", views.release, name="restriction_lift"),
]

"""The addresses of legal holds."""

from django.urls import path

from gdpr_requests.holds import views

urlpatterns = [
    path("contacts/<uuid:pk>/holds/", views.holds, name="holds"),
    path("contacts/<uuid:pk>/holds/<uuid:hold>/release/", views.release, name="hold_release"),
]

"""The addresses of erasures about many cards, and of what the law keeps."""

from django.urls import path

from gdpr_requests.erasure import views

urlpatterns = [
    path("requests/runs/", views.runs, name="runs"),
    path("requests/runs/<uuid:pk>/", views.run, name="run"),
    path("requests/runs/<uuid:pk>/approve/", views.approve, name="run_approve"),
    path("requests/runs/<uuid:pk>/refuse/", views.refuse, name="run_refuse"),
    path("requests/runs/<uuid:pk>/retry/", views.retry, name="run_retry"),
    path("requests/retained/", views.retained, name="retained"),
]

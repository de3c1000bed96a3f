"""The addresses of letters; part of the desk's."""

from django.urls import path

from gdpr_requests.letters import views, views_batches, views_templates

urlpatterns = [
    path("requests/templates/", views_templates.templates, name="templates"),
    path("requests/templates/<slug:kind>/<slug:language>/", views_templates.template, name="template"),
    path("requests/templates/<slug:kind>/<slug:language>/restore/", views_templates.restore, name="template_restore"),
    path("requests/<uuid:pk>/letters/", views.of_request, name="request_letters"),
    path("requests/<uuid:pk>/letters/<slug:kind>/", views.write_for_request, name="request_letter"),
    path("contacts/<uuid:pk>/letters/", views.of_contact, name="contact_letters"),
    path("contacts/<uuid:pk>/letters/<slug:kind>/", views.write_for_contact, name="contact_letter"),
    path("contacts/import/<uuid:pk>/inform/", views_batches.inform, name="inform_batch"),
    path("requests/letters/<uuid:pk>/", views.letter, name="letter"),
    path("requests/letters/<uuid:pk>/pdf/", views.sheet, name="letter_pdf"),
    path("requests/letters/<uuid:pk>/edit/", views.edit, name="letter_edit"),
    path("requests/letters/<uuid:pk>/send/", views.send, name="letter_send"),
    path("requests/letters/<uuid:pk>/take-back/", views.recall, name="letter_recall"),
    path("requests/letters/<uuid:pk>/discard/", views.discard, name="letter_discard"),
]

"""The addresses of the register; part of the desk's."""

from django.urls import path

from gdpr_requests.desk import views, views_decide, views_steps

urlpatterns = [
    path("requests/", views.desk, name="desk"),
    path("requests/new/", views.new, name="request_new"),
    path("requests/<uuid:pk>/", views.one, name="request"),
    path("requests/<uuid:pk>/identity/", views_steps.identity, name="request_identity"),
    path("requests/<uuid:pk>/identity/ask/", views_steps.ask, name="request_ask"),
    path("requests/<uuid:pk>/card/", views_steps.card, name="request_card"),
    path("requests/<uuid:pk>/assign/", views_steps.assign, name="request_assign"),
    path("requests/<uuid:pk>/note/", views_steps.note, name="request_note"),
    path("requests/<uuid:pk>/done/", views_steps.done, name="request_done"),
    path("requests/<uuid:pk>/extend/", views_decide.extend, name="request_extend"),
    path("requests/<uuid:pk>/refuse/", views_decide.refuse, name="request_refuse"),
    path("requests/<uuid:pk>/close/", views_decide.close, name="request_close"),
]

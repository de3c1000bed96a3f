"""The addresses of deliveries: the colleague's below the card, the person's own at /my/."""

from django.urls import path

from gdpr_requests.delivery import views

urlpatterns = [
    path("contacts/<uuid:pk>/export/hand-over/", views.hand_over, name="hand_over"),
    path("contacts/<uuid:pk>/export/copies/<uuid:delivery>/", views.delivery, name="delivery"),
    path("contacts/<uuid:pk>/export/copies/<uuid:delivery>/end/", views.end, name="delivery_end"),
    path("my/<str:token>/", views.my_copy, name="my_copy"),
]

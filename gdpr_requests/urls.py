"""The addresses of the desk. Those about one contact hang below its card."""

from django.urls import include, path

from gdpr_requests import views_access, views_erase, views_merge, views_recipients
from gdpr_requests.accountability.urls import urlpatterns as accountability
from gdpr_requests.delivery.urls import urlpatterns as deliveries
from gdpr_requests.desk.urls import urlpatterns as desk
from gdpr_requests.erasure.urls import urlpatterns as erasures
from gdpr_requests.holds.urls import urlpatterns as holds
from gdpr_requests.letters.urls import urlpatterns as letters
from gdpr_requests.restriction.urls import urlpatterns as restriction
from gdpr_requests.retention.urls import urlpatterns as retention

app_name = "gdpr_requests"

urlpatterns = [
    *erasures,
    *holds,
    path("contacts/<uuid:pk>/merge/", views_merge.choose, name="merge_choose"),
    path("contacts/<uuid:pk>/merge/<uuid:other>/", views_merge.merge, name="merge"),
    path("contacts/<uuid:pk>/export/", views_access.export, name="export"),
    path("contacts/<uuid:pk>/erase/", views_erase.erase, name="erase"),
    path("contacts/<uuid:pk>/recipients/", views_recipients.recipients, name="recipients"),
    path("requests/breaches/", include("gdpr_requests.breaches.urls")),
    path("requests/erasures/", views_erase.erasures, name="erasures"),
    path("requests/certificates/<slug:number>/", views_erase.certificate, name="certificate"),
    path("requests/certificates/<slug:number>/pdf/", views_erase.certificate_file, name="certificate_pdf"),
    *accountability,
    *letters,
    *deliveries,
    *restriction,
    *retention,
    *desk,
]

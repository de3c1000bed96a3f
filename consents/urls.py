"""Addresses of purposes, grounds and consents."""

from django.urls import path

from consents.views import consents, grounds, objections, purposes, suppressions, typos

app_name = "consents"
urlpatterns = [
    path("purposes/", purposes.purposes, name="purposes"),
    path("purposes/new/", purposes.edit, name="purpose_new"),
    path("purposes/balancing-tests/new/", purposes.balancing_test, name="balancing_test_new"),
    path("purposes/balancing-tests/<uuid:pk>/", purposes.balancing_test, name="balancing_test"),
    path("purposes/usual/", purposes.begin_with_usual, name="usual"),
    path("purposes/<slug:slug>/", purposes.purpose, name="purpose"),
    path("purposes/<slug:slug>/edit/", purposes.edit, name="purpose_edit"),
    path("purposes/<slug:slug>/text/", purposes.publish, name="publish"),
    path("contacts/<uuid:pk>/consents/new/", consents.record, name="record"),
    path("contacts/<uuid:pk>/emails/<uuid:row>/slip/", typos.typo, name="typo"),
    path("contacts/<uuid:pk>/objection/", objections.object_to, name="object"),
    path("contacts/<uuid:pk>/grounds/new/", grounds.new, name="ground_new"),
    path("consents/<uuid:pk>/renew/", consents.renew, name="renew"),
    path("consents/<uuid:pk>/withdraw/", consents.withdraw, name="withdraw"),
    path("consents/<uuid:pk>/refuse/", consents.refuse, name="refuse"),
    path("suppressions/", suppressions.suppressions, name="suppressions"),
    path("suppressions/opt-in/", suppressions.opt_in, name="suppression_opt_in"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<uuid:pk>/", objections.weigh, name="weigh"),
    path("grounds/<uuid:pk>/prolong/", grounds.prolong, name="prolong"),
    path("grounds/<uuid:pk>/event/", grounds.event, name="ground_event"),
    path("grounds/<uuid:pk>/end/", grounds.end, name="ground_end"),
]

"""Addresses below /accounts/."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", views.SignOutView.as_view(), name="logout"),
    path("confirm/", views.confirm, name="confirm"),
    path("profile/", views.profile, name="profile"),
    path("password/", views.change_password, name="password"),
    path("preferences/", views.preferences, name="preferences"),
    path("reset/", views.request_link, name="request_link"),
    path("reset/sent/", views.link_sent, name="link_sent"),
    path("reset/<uidb64>/<token>/", views.ResetView.as_view(), name="reset"),
    path("invitation/<uidb64>/<token>/", views.InvitationView.as_view(), name="invitation"),
    path("installation/", views.installation, name="installation"),
]

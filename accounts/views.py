"""Pages of signing in and out."""

from __future__ import annotations

from django.contrib.auth import views as auth_views

from accounts.forms import SignInForm


class SignInView(auth_views.LoginView):
    """The door. Where a signed-in person comes here again, they go straight on."""

    template_name = "accounts/login.html"
    form_class = SignInForm
    redirect_authenticated_user = True


class SignOutView(auth_views.LogoutView):
    """Leaving, by POST only: a link in somebody's letter must not sign anyone out."""

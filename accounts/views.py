"""Pages of one's own account: signing in and out, the password, the profile."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.translation import check_for_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import reauth, services
from accounts.current import current_user
from accounts.forms import (
    ChangePasswordForm,
    ConfirmForm,
    LinkRequestForm,
    NewPasswordForm,
    PreferencesForm,
    ProfileForm,
    SignInForm,
)
from accounts.links import TOKENS, LinkKind
from accounts.models import User
from accounts.roles import role_label
from accounts.throttle import client_address
from audit.services import record


class SignInView(auth_views.LoginView):
    """The door. Where a signed-in person comes here again, they go straight on."""

    template_name = "accounts/login.html"
    form_class = SignInForm
    redirect_authenticated_user = True


class SignOutView(auth_views.LogoutView):
    """Leaving, by POST only: a link in somebody's letter must not sign anyone out."""


@sensitive_post_parameters()
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more; then back to where it was asked for."""
    form = ConfirmForm(request.POST or None, request=request)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        reauth.confirm(request)
        record("user.confirmed", actor=current_user(request), target=current_user(request))
        return redirect(reauth.take_back(request, wanted))
    cancel = wanted if reauth.is_safe(request, wanted) else reverse(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "next": wanted, "cancel": cancel, "minutes": settings.REAUTHENTICATION_MINUTES}
    return render(request, "accounts/confirm.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and appearance."""
    user = User.objects.get(pk=current_user(request).pk)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        services.update_profile(user=User.objects.get(pk=user.pk), values=form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, gettext("Your profile was saved."))
        return redirect("accounts:profile")
    roles = [role_label(group.name) for group in user.groups.order_by("name")]
    return render(request, "accounts/profile.html", {"form": form, "roles": roles})


@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password of one's own; every other session of the person ends."""
    form = ChangePasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        user = User.objects.get(pk=current_user(request).pk)
        services.set_password(
            user=user, password=form.cleaned_data["new_password1"], keep_session=request.session.session_key
        )
        update_session_auth_hash(request, user)
        messages.success(request, gettext("Your password was changed. You were signed out everywhere else."))
        return redirect("accounts:profile")
    return render(request, "accounts/change_password.html", {"form": form})


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """The switches of language and appearance: strangers may choose the language too."""
    form = PreferencesForm(request.POST)
    if form.is_valid() and request.user.is_authenticated:
        services.update_profile(user=request.user, values=form.cleaned_data)
    wanted = request.POST.get("next", "")
    response = redirect(wanted if reauth.is_safe(request, wanted) else settings.LOGIN_REDIRECT_URL)
    if form.is_valid() and "language" in form.cleaned_data:
        remember_language(response, form.cleaned_data["language"])
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Let this browser greet in the language before anyone signs in."""
    if check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )


@login_not_required
def request_link(request: HttpRequest) -> HttpResponse:
    """Forgotten password: the answer is the same whether or not anybody has this e-mail."""
    form = LinkRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.request_link(email=form.cleaned_data["email"], address=client_address(request))
        return redirect("accounts:link_sent")
    return render(request, "accounts/request_link.html", {"form": form})


@login_not_required
def link_sent(request: HttpRequest) -> HttpResponse:
    """What to expect now."""
    return render(request, "accounts/link_sent.html")


class FollowLinkView(auth_views.PasswordResetConfirmView):
    """The page behind a letter's link. Django moves the token into the session, out of the address."""

    form_class = NewPasswordForm  # type: ignore[assignment]
    template_name = "accounts/follow_link.html"
    success_url = reverse_lazy("accounts:login")
    kind: ClassVar[LinkKind]

    def get_user(self, uidb64: str) -> User | None:
        """Whoever the link is for, unless their account is closed. The page speaks their language."""
        user = super().get_user(uidb64)
        if not isinstance(user, User) or not user.is_active:
            return None
        translation.activate(user.language)
        return user

    def form_valid(self, form: Any) -> HttpResponse:
        assert isinstance(self.user, User)  # noqa: S101 - the form is shown to nobody else
        services.set_password(user=self.user, password=form.cleaned_data["new_password1"])
        self.request.session.flush()
        messages.success(self.request, gettext("Your password is set. Sign in with it."))
        response = redirect(self.get_success_url())
        remember_language(response, self.user.language)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        status = 200 if context["validlink"] else 410
        return super().render_to_response(context, status=status, **kwargs)


class InvitationView(FollowLinkView):
    kind = LinkKind.INVITATION
    token_generator = TOKENS[LinkKind.INVITATION]


class ResetView(FollowLinkView):
    kind = LinkKind.RESET
    token_generator = TOKENS[LinkKind.RESET]


@permission_required("accounts.view_installation", raise_exception=True)
def installation(request: HttpRequest) -> HttpResponse:
    """A short address for the settings of the installation, which live in the administration."""
    return redirect("admin:accounts_installation_change", 1)

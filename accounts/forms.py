"""What people may enter about themselves. Forms only validate; services save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.reauth import password_is_right

TOO_MANY = _("Too many attempts. Please wait a quarter of an hour and try again.")


class SignInForm(AuthenticationForm):
    """E-mail and password. Every refusal reads the same, so that nobody learns who has an account."""

    username = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _("This e-mail and password do not belong together."),
        "inactive": _("This e-mail and password do not belong together."),
    }

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            if getattr(self.request, "axes_locked_out", False):
                raise ValidationError(TOO_MANY, code="locked") from None
            raise


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What people may change about themselves."""

    class Meta:
        model = User
        fields = ["full_name", "language", "theme"]
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The two switches in the corner of every page; each is sent alone."""

    class Meta:
        model = User
        fields = ["language", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in self.data]:
            del self.fields[name]


class ConfirmForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not password_is_right(self.request, password):
            locked = getattr(self.request, "axes_locked_out", False)
            raise ValidationError(TOO_MANY if locked else _("This is not your password."))
        return password


class NewPasswordForm(forms.Form):
    """A new password, twice, for `user`."""

    new_password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=1000,
        help_text=_("At least 12 characters. A few words of your own are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password2 = forms.CharField(
        label=_("New password once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("new_password1"), cleaned.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", _("The two passwords differ."))
        elif first:
            self._check_strength(first)
        return cleaned

    def _check_strength(self, password: str) -> None:
        try:
            password_validation.validate_password(password, self.user)
        except ValidationError as error:
            self.add_error("new_password1", error)


class ChangePasswordForm(ConfirmForm, NewPasswordForm):
    """The password in use and a new one, twice."""

    field_order = ["password", "new_password1", "new_password2"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request.user, *args, request=request, **kwargs)
        self.fields["password"].label = _("Password in use")


class LinkRequestForm(forms.Form):
    """Who wants to set a new password."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )

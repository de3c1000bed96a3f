"""The administration: Django's admin behind our own door, writing to our own record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import reauth
from accounts.views import SignOutView

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AdministrationSite(admin.AdminSite):
    """Opens for whoever has something to see in it; one signs in and out as everywhere else."""

    site_title = "Karta"
    site_header = index_title = _("Administration")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or "/admin/", settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return SignOutView.as_view()(request)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("accounts:password")


class AuditedModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of the administration: writes through services, after the password was confirmed.

    Django's own log of the administration stays empty: it would keep names of people next to a record that must not.
    """

    actions = None
    show_full_result_count = False
    # What the page is called on which something new is made.
    add_title: StrOrPromise = _("Add")

    def heading(self, obj: Any) -> str:
        """What the page of one thing is called."""
        return str(obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        obj = self.get_object(request, object_id) if object_id else None
        writes = self.has_change_permission(request, obj) if object_id else self.has_add_permission(request)
        if writes and not reauth.is_confirmed(request):
            return reauth.ask(request)
        title = self.heading(obj) if obj else self.add_title
        try:
            return super().changeform_view(request, object_id, form_url, {"title": title, **(extra_context or {})})
        except ValidationError as error:
            return self.refused(request, error)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        if not reauth.is_confirmed(request):
            return reauth.ask(request)
        try:
            return super().delete_view(request, object_id, {"title": gettext("Delete"), **(extra_context or {})})
        except ValidationError as error:
            return self.refused(request, error)

    def refused(self, request: HttpRequest, error: ValidationError) -> HttpResponse:
        """A service said no for a reason that people should read."""
        for text in error.messages:
            messages.error(request, text)
        return redirect(request.path)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """Nothing: see the class."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """Nothing: see the class."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Nothing: see the class."""

"""People, roles, teams and the installation in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import administration, authority, roles
from accounts.admin_forms import DeactivateForm, RoleForm, UserForm, grouped
from accounts.admin_site import AuditedModelAdmin
from accounts.current import current_user
from accounts.links import LinkKind
from accounts.models import Installation, Role, Team, User
from accounts.reauth import reauthentication_required

assert auth_admin  # noqa: S101 - imported so that Django registers its own page of groups before it is taken away
admin.site.unregister(Group)


class RoleFilter(admin.SimpleListFilter):
    """People by their role, under the role's name in the reader's language."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(group.pk), roles.role_label(group.name)) for group in Group.objects.order_by("name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        value = self.value() or ""
        return queryset.filter(groups=int(value)) if value.isdigit() else queryset


@admin.register(User)
class UserAdmin(AuditedModelAdmin):
    """Accounts. Nobody sets another's password here: they are sent a link."""

    form = UserForm
    add_title = _("Invite a colleague")
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ["full_name", "email", "team", "roles_shown", "state", "last_login"]
    list_filter = ["is_active", "team", RoleFilter]
    search_fields = ["full_name", "email"]
    list_select_related = ["team"]
    ordering = ["full_name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles_shown(self, user: User) -> str:
        names = [roles.role_label(group.name) for group in user.groups.all()]
        return ", ".join([*([gettext("all permissions")] if user.is_superuser else []), *names]) or "–"

    @admin.display(description=_("account"))
    def state(self, user: User) -> str:
        if not user.is_active:
            return gettext("closed")
        return gettext("open") if user.has_usable_password() else gettext("invited")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        actor = current_user(request)
        if obj is None:
            return super().has_change_permission(request)
        return authority.may_manage(actor, obj) or (actor.is_superuser and actor.pk == obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        held = super().has_delete_permission(request)
        return held and (
            obj is None or (authority.may_manage(current_user(request), obj) and administration.is_unused(obj))
        )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        actor = current_user(request)
        who = (None, {"fields": ["full_name", "email", "team", "language"]})
        if obj is not None and not authority.may_manage(actor, obj):
            rights = ["roles_shown", "state"]
        else:
            rights = ["groups", *(["is_superuser"] if actor.is_superuser else [])]
        return [who, (_("Rights"), {"fields": rights})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["roles_shown", "state"]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        bound = type("BoundUserForm", (UserForm,), {"actor": current_user(request)})
        return super().get_form(request, obj, change=change, form=bound, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        values = {name: value for name, value in form.cleaned_data.items() if name != "groups"}
        groups = form.cleaned_data.get("groups")
        actor = current_user(request)
        if change:
            stored = User.objects.get(pk=obj.pk)
            administration.change_user(actor=actor, user=stored, values=values, groups=groups)
        else:
            obj.pk = administration.invite_user(actor=actor, values=values, groups=groups or ()).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has given the roles already."""

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        administration.delete_user(actor=current_user(request), user=obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        user = self.get_object(request, object_id)
        manageable = user is not None and authority.may_manage(current_user(request), user)
        return super().change_view(request, object_id, form_url, {"manageable": manageable, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        def guarded(view: Any) -> Any:
            return self.admin_site.admin_view(reauthentication_required(view))

        return [
            path("<uuid:pk>/link/", guarded(require_POST(self.link)), name="accounts_user_link"),
            path("<uuid:pk>/activate/", guarded(require_POST(self.activate)), name="accounts_user_activate"),
            path("<uuid:pk>/deactivate/", guarded(self.deactivate), name="accounts_user_deactivate"),
            *super().get_urls(),
        ]

    def link(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Send the owner of the account a link by which they set their own password."""
        user = get_object_or_404(User, pk=pk)
        kind = administration.send_link(actor=current_user(request), user=user)
        sent = (
            gettext("The invitation is on its way.")
            if kind == LinkKind.INVITATION
            else gettext("The link is on its way.")
        )
        messages.success(request, sent)
        return redirect("admin:accounts_user_change", pk)

    def activate(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Open the account again."""
        administration.activate_user(actor=current_user(request), user=get_object_or_404(User, pk=pk))
        messages.success(request, gettext("The account is open again."))
        return redirect("admin:accounts_user_change", pk)

    def deactivate(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Close the account and hand over what its owner looks after."""
        user = get_object_or_404(User, pk=pk)
        if not authority.may_manage(current_user(request), user):
            raise PermissionDenied
        form = DeactivateForm(request.POST if request.method == "POST" else None, leaver=user)
        if request.method == "POST" and form.is_valid():
            return self._deactivate(request, user, form.cleaned_data["heir"])
        context = {**self.admin_site.each_context(request), "form": form, "original": user, "opts": self.opts}
        context["title"] = gettext("Deactivate the account")
        return TemplateResponse(request, "admin/accounts/user/deactivate.html", context)

    def _deactivate(self, request: HttpRequest, user: User, heir: User | None) -> HttpResponse:
        try:
            moved = administration.deactivate_user(actor=current_user(request), user=user, heir=heir)
        except ValidationError as error:
            return self.refused(request, error)
        messages.success(request, gettext("The account is closed and signed out everywhere."))
        if moved:
            text = ngettext("%(number)d thing was handed over.", "%(number)d things were handed over.", moved)
            messages.info(request, text % {"number": moved})
        return redirect("admin:accounts_user_change", user.pk)


@admin.register(Role)
class RoleAdmin(AuditedModelAdmin):
    """Roles. Their rights are those of Django's groups, which they are."""

    form = RoleForm
    add_title = _("Add a role")
    list_display = ["label", "people"]
    ordering = ["name"]

    def heading(self, obj: Role) -> str:
        return roles.role_label(obj.name)

    @admin.display(description=_("role"), ordering="name")
    def label(self, role: Role) -> str:
        return roles.role_label(role.name)

    @admin.display(description=_("people"))
    def people(self, role: Role) -> int:
        return role.user_set.count()

    @admin.display(description=_("What the role allows"))
    def allowed_shown(self, role: Role) -> str:
        return "; ".join(
            label for _room, names in grouped(sorted(authority.permissions_in(role))) for _n, label in names
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        return request.user.has_perm("auth.view_group") or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("auth.add_group")

    def has_change_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        if obj is None:
            return request.user.has_perm("auth.change_group")
        return authority.may_change_role(current_user(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        held = request.user.has_perm("auth.delete_group")
        return held and (obj is None or administration.is_removable(current_user(request), obj))

    def get_fields(self, request: HttpRequest, obj: Role | None = None) -> Any:
        if obj is not None and not authority.may_change_role(current_user(request), obj):
            return ["allowed_shown"]
        return ["allowed"] if obj and obj.name in roles.ROLE_PERMISSIONS else ["name", "allowed"]

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        return ["allowed_shown"]

    def get_form(self, request: HttpRequest, obj: Role | None = None, change: bool = False, **kwargs: Any) -> Any:
        bound = type("BoundRoleForm", (RoleForm,), {"actor": current_user(request)})
        return super().get_form(request, obj, change=change, form=bound, **kwargs)

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        actor, allowed = current_user(request), form.cleaned_data["allowed"]
        if not change:
            name = form.cleaned_data["name"]
            obj.pk = administration.create_role(actor=actor, name=name, permissions=allowed).pk
            return
        group = Group.objects.get(pk=obj.pk)
        administration.change_role(actor=actor, group=group, permissions=allowed)
        if form.cleaned_data.get("name", group.name) != group.name:
            administration.rename_role(actor=actor, group=group, name=form.cleaned_data["name"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has set the permissions already."""

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        administration.delete_role(actor=current_user(request), group=obj)


@admin.register(Team)
class TeamAdmin(AuditedModelAdmin):
    """Teams and who is in them."""

    add_title = _("Add a team")
    list_display = ["name", "people"]
    readonly_fields = ["people"]
    fields = ["name", "people"]

    @admin.display(description=_("people"))
    def people(self, team: Team) -> str:
        return ", ".join(str(user) for user in team.members.all()) or "–" if team.pk else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("members")

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        administration.save_team(actor=current_user(request), team=obj)

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        administration.delete_team(actor=current_user(request), team=obj)


@admin.register(Installation)
class InstallationAdmin(AuditedModelAdmin):
    """The one set of settings: the list leads straight to it."""

    def heading(self, obj: Installation) -> str:
        return gettext("Settings of the installation")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Installation | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Installation | None = None) -> bool:
        return request.user.has_perm("accounts.manage_installation")

    def has_view_permission(self, request: HttpRequest, obj: Installation | None = None) -> bool:
        return request.user.has_perm("accounts.view_installation") or self.has_change_permission(request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Installation | None:
        return Installation.current() if object_id == "1" else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:accounts_installation_change", 1)

    def save_model(self, request: HttpRequest, obj: Installation, form: Any, change: bool) -> None:
        administration.change_installation(actor=current_user(request), values=form.cleaned_data)

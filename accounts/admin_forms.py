"""Forms of the administration. What a form offers, the services check again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import authority, roles
from accounts.models import Team, User
from accounts.permission_labels import permission_label, room_label


class RoleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Roles under the names that the reader knows."""

    def label_from_instance(self, obj: Any) -> str:
        return roles.role_label(obj.name)


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account as seen by `actor`, who is offered only roles and teams that they may hand out."""

    actor: ClassVar[User]
    groups = RoleField(Group.objects.none(), label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("none"))

    class Meta:
        model = User
        fields = ["email", "full_name", "team", "language", "groups", "is_superuser"]
        labels = {"is_superuser": _("all permissions")}
        help_texts = {"is_superuser": _("Holds everything, now and later, without any role.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            grantable = [g.pk for g in Group.objects.all() if authority.may_grant(self.actor, g)]
            self.fields["groups"].queryset = Group.objects.filter(pk__in=grantable).order_by("name")  # type: ignore[attr-defined]
        if "team" in self.fields:
            self.fields["team"].queryset = authority.teams_open_to(self.actor, self.instance)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role as seen by `actor`, who is offered only permissions that they hold."""

    actor: ClassVar[User]
    allowed = forms.MultipleChoiceField(
        label=_("What the role allows"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Group
        fields = ["name", "allowed"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "allowed" in self.fields:
            held = [name for name in offered_permissions() if authority.covers(self.actor, [name])]
            self.fields["allowed"].choices = grouped(held)  # type: ignore[attr-defined]
            if self.instance.pk:
                self.initial["allowed"] = sorted(authority.permissions_in(self.instance) & set(held))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name in roles.ROLE_PERMISSIONS and self.instance.name != name:
            raise ValidationError(_("This name belongs to a role that comes with the system."))
        return name


def offered_permissions() -> list[str]:
    """What roles are made of: the table's permissions that the installed rooms know, in the order of their rooms."""
    order = list(dict.fromkeys(name for names in roles.ROLE_PERMISSIONS.values() for name in names))
    known = roles.permissions_named(order)
    return [name for name in order if name in known]


def grouped(names: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the names of their rooms."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        rooms.setdefault(room_label(name), []).append((name, permission_label(name)))
    return list(rooms.items())


class DeactivateForm(forms.Form):
    """Who takes over from somebody whose account closes."""

    heir = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Contacts, open tasks and purposes go to"),
        required=False,
        empty_label=_("nobody for now"),
        help_text=_("Left to nobody, contacts have no owner and open tasks go to the data protection officer."),
    )

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = User.objects.holding("contacts.change_contact").exclude(pk=leaver.pk)  # type: ignore[attr-defined]

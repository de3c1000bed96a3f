"""What may be dropped on a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    Upload = UploadedFile[Any]

MOST_FILES = 20


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is checked as one."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files = data if isinstance(data, (list, tuple)) and data else [data or None]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class DropForm(forms.Form):
    """At most twenty files, each no larger than the installation allows, none of them empty."""

    dropped = ManyFilesField(label=_("Files"), error_messages={"required": _("Choose at least one file.")})

    def clean_dropped(self) -> list[Upload]:
        files: list[Upload] = self.cleaned_data["dropped"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once."), params={"most": MOST_FILES})
        if any((file.size or 0) > settings.UPLOAD_MAX_BYTES for file in files):
            raise forms.ValidationError(
                _("A file is larger than %(size)s."), params={"size": filesizeformat(settings.UPLOAD_MAX_BYTES)}
            )
        return files

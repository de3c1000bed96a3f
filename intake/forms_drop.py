"""What may be dropped on a card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

MOST_FILES = 20


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is checked as one."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) and data else [data or None]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class DropForm(forms.Form):
    """At most twenty files, each no larger than the installation allows, none of them empty."""

    files = ManyFilesField(label=_("Files"), error_messages={"required": _("Choose at least one file.")})

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once."), params={"most": MOST_FILES})
        if any((file.size or 0) > settings.UPLOAD_MAX_BYTES for file in files):
            raise forms.ValidationError(
                _("A file is larger than %(size)s."), params={"size": filesizeformat(settings.UPLOAD_MAX_BYTES)}
            )
        return files

"""Fields for what people type: it is text and stays text, without characters that nobody can see."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

# Beyond this a text is no note but a document, which belongs into a file.
LONGEST_TEXT = 100_000


def visible(text: str) -> str:
    """The text without control characters; line ends are kept, as one sort."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc")


class PlainField(forms.CharField):
    """A line of text: control characters go, and so do spaces at its ends and line breaks within."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return " ".join(visible(text).split()) if isinstance(text, str) else text


class PlainTextField(forms.CharField):
    """A text of many lines, without control characters."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return visible(text) if isinstance(text, str) else text

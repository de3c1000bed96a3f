"""Whatever is sent to whichever address, by whomever: an answer in words, never a traceback."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.test_access_matrix import ALL_ROWS, resolved, world  # noqa: F401 - the cast of the matrix

NASTY = {
    "a NUL byte": "a\x00b",
    "markup": "<script>alert(1)</script>",
    "a formula": "=HYPERLINK(1)",
    "a lone surrogate": "\ud800",
    "a huge number": "9" * 400,
    "a negative number": "-1",
    "year nought": "0000-00-00",
    "the last year": "9999-12-31",
    "nothing": "",
    "a quote": "'; DROP TABLE contacts_contact; --",
}
# What forms of all rooms ask for, so that the values reach further than the first required field.
NAMES = [
    "q",
    "page",
    "before",
    "kind",
    "owner",
    "tag",
    "basis",
    "consent",
    "ends_by",
    "purpose",
    "channel",
    "method",
    "occurred_on",
    "valid_until",
    "valid_from",
    "reference",
    "reason",
    "until",
    "assignee",
    "due_on",
    "title",
    "name",
    "text",
    "language",
    "version",
    "take",
    "source",
    "source_detail",
    "first_name",
    "last_name",
    "value",
    "is_primary",
    "tab",
    "actor",
    "action",
    "since",
    "contact",
    "next",
    "email",
    "full_name",
    "password",
    "username",
    "theme",
    "body",
    "subject",
    "occurred_at",
    "direction",
    "retention_months",
    "slug",
    "code",
]
POSTED = {row.name: row for _room, row in ALL_ROWS}


@pytest.mark.parametrize("name", sorted(POSTED))
def test_no_address_answers_with_a_traceback(name, world, client_of, request):  # noqa: F811 - the fixture
    room, row = next((room, row) for room, row in ALL_ROWS if row.name == name)
    if hasattr(room, "prepare"):
        room.prepare(world)
    browser = client_of(world.admin)
    browser.raise_request_exception = False
    url = reverse(row.name, kwargs=resolved(row.kwargs, world))
    broken = []
    for what, value in NASTY.items():
        values = dict.fromkeys(NAMES, value)
        prefixed = {f"{prefix}-{key}": value for prefix in ("who", "why", "origin", "ground") for key in NAMES}
        for method, data in (
            ("get", values),
            ("post", {**values, **prefixed}),
            ("post", {"file": SimpleUploadedFile("x.csv", value.encode("utf-8", "replace"))}),
        ):
            try:
                status = getattr(browser, method)(url, data).status_code
            except UnicodeEncodeError:
                continue  # the test client itself can't send a lone surrogate
            if status >= 500 and not (name == "healthz" and status == 503):
                broken.append((what, method, status))
    assert broken == []

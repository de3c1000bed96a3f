"""Writes docs/data-map.md from every room's privacy.py: `python -m tools.data_map`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from privacy.datamap import Entry

TARGET = Path(__file__).resolve().parent.parent / "docs" / "data-map.md"
HEAD = """# The data map

Made by `python -m tools.data_map` from `privacy.py` of every room; a test says when the two differ.

Every table and every field is declared: what it is to a person (identifying, personal, special category, or not
personal), how a row leads to its contact, whether the person's copy shows it, what erasure does with it, and what ends
the row. Export, erasure, its preview and its check read this one list. A table or field that nobody declared is an
error (`privacy.E001` and following): `manage.py check`, the tests and the start all fail.

**Sealed** fields are ciphertext in the database ([security.md](security.md)). **Not in the copy** are personal fields
that the person's copy leaves out, with the reason in the source. **Stays** are those that outlive an erasure, for the
reason given.
"""


def page() -> str:
    """The page, from the declarations."""
    from django.apps import apps

    from privacy.datamap import collect

    parts = [HEAD]
    entries = list(collect())
    for config in apps.get_app_configs():
        own = [entry for entry in entries if entry.get_model()._meta.app_label == config.label]
        if own:
            parts += [f"\n## {config.label}\n", *(_table(entry) for entry in own)]
    return "\n".join(parts)


def _table(entry: Entry) -> str:
    from privacy.sealed import SealedField

    model = entry.get_model()
    personal = [name for name, field in entry.fields.items() if field.kind.is_personal]
    sealed = [name for name in entry.fields if isinstance(model._meta.get_field(name), SealedField)]
    hidden = [name for name in personal if not entry.fields[name].export]
    kept = [name for name, field in entry.fields.items() if field.erase == "keep"]
    about = f"about a contact, through `{entry.to_contact}`" if entry.to_contact else "not about contacts"
    lines = [f"### {entry.model}", f"- **Whose:** {about}.{f' {entry.because}' if entry.because else ''}"]
    listed = (("Personal", personal), ("Sealed", sealed), ("Not in the copy", hidden), ("Stays", kept))
    lines += [f"- **{title}:** {', '.join(f'`{name}`' for name in names)}." for title, names in listed if names]
    reasons = list(dict.fromkeys(entry.fields[name].because for name in kept))
    lines += [f"- **Why it stays:** {' '.join(reasons)}"] if reasons else []
    return "\n".join([*lines, f"- **Ends:** {entry.ends}\n"])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    TARGET.write_text(page(), encoding="utf-8")

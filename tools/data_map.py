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
error (`privacy.E001` and following): `manage.py check`, the tests and the start all fail. The message holds the
entry to be pasted, with the way to the contact already found; read it before you keep it.

**Sealed** fields are ciphertext in the database ([security.md](security.md)). **Not in the copy** are personal fields
that the person's copy leaves out, with the reason in the source. **Stays** are those that outlive an erasure, for the
reason given.

## How to declare a table

In `DATA_MAP` of the room's `privacy.py` (of `crm/privacy.py` for a table of a package), one `Entry` for each model, the
automatic ones of many-to-many fields included:

```python
Entry(
    "contacts.Phone",
    to_contact="contact",
    fields={
        "contact": Field(Kind.PERSONAL, "identity", export=False, because="The way to the card, which is exported."),
        "value": Field(Kind.IDENTIFYING, "contact"),
        "is_primary": Field(Kind.PERSONAL, "contact"),
    },
    ends="Deleted with its card.",
)
```

- `to_contact` is the ORM lookup that, followed by `__in` and ids of cards, finds a person's rows: `"contact"`,
  `"subject__contact"`, `"id"`. Every step of it needs an index. `None` where the rows are not about contacts; if any
  field is personal all the same, `because` of the entry says whose data they are.
- `fields` names every column except a generated primary key and `key`. `PLAIN` stands for "says nothing about anybody".
- A `Field` has a kind (`IDENTIFYING`, `PERSONAL`, `SPECIAL`, `NONE`) and a data category, one of those that purposes
  cover. `export=False` needs a `because`: which exported field it only repeats. `erase` is `"row"` (goes with its row),
  `"clear"` (emptied) or `"keep"`, which needs a lawful reason and an end in `because`.
- `ends` says in words when a row goes. Nothing is kept without an end.

| error | what is wrong |
|---|---|
| `privacy.E001`, `E004` | a table or a column is not declared; the hint says what to write |
| `E002`, `E003`, `E005` | declared twice; a table or column that does not exist |
| `E006` | a table without an end |
| `E007` | erased, but not exported, and no reason |
| `E008` | survives erasure without a lawful reason |
| `E009` | personal, without a data category |
| `E010` | tells who somebody is (or is special) and is neither sealed nor explained |
| `E011`, `E012`, `E013` | no way to the contact; it leads nowhere; a step of it has no index |
| `E020`, `E021`, `E022` | a sealed field that is unique or indexed, has a `db_default`, or is in no `SealedModel` |
| `E023`, `E024` | a sealed model read through an ordinary manager or queryset |
| `E030` | the guard of an append-only table names a column that does not exist |
| `E031`, `W032` | keys do not open this database; a guard is down (`check --database default`) |

Names of tables and columns are part of every ciphertext: renaming one of a sealed model needs a migration that
opens and seals its values again.
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

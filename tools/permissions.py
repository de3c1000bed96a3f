"""Writes docs/permissions.md from the table in accounts/roles.py: `python -m tools.permissions`."""

from __future__ import annotations

import os
from pathlib import Path

import django

TARGET = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
HEAD = """# Who may do what

Made by `python -m tools.permissions` from the one table in `accounts/roles.py`; a test says when the two differ.

A role is a group. This table is what a role gets the first time; administrators may change it under Administration,
and an upgrade never undoes what they chose (a permission that is new in an upgrade is added to its roles once). Pages
ask for permissions, never for a role's name. A superuser, such as the first administrator, holds everything.

"""
NOTES = """
- **Which contacts** somebody sees, the installation decides: all, those of their team, or their own. "See all contacts"
  goes beyond that.
- **The Administrator holds everything** that roles contain: whoever hands out a role could give it to an account of
  their own making anyway. To keep customers' data from people who manage accounts, make a role with only the rights
  under "People and installation", and let a superuser hand out the other roles.
- **Nobody climbs.** Whoever manages people can touch only those who hold nothing beyond them, give only roles and
  permissions that they hold themselves, and never change themselves or a role of their own. Nobody sets another's
  password: they send a link. Somebody who manages people and roles always remains. `accounts/authority.py` holds these
  rules, `tests/accounts/test_nobody_climbs.py` shows them.
- **Staff may erase**, because the reminder before a consent's end goes to the owner of the card and offers "Renewed"
  and "Delete"; they can erase only cards that they may change. Take the permission away from the role if only the data
  protection officer should.
"""


def table() -> str:
    """The page, from the table."""
    from accounts.permission_labels import LABELS, ROOMS
    from accounts.roles import ROLE_PERMISSIONS

    names = list(dict.fromkeys(name for held in ROLE_PERMISSIONS.values() for name in held))
    lines = ["| | permission | " + " | ".join(ROLE_PERMISSIONS) + " |", "|---|---|" + ":-:|" * len(ROLE_PERMISSIONS)]
    for room, title in ROOMS.items():
        mine = [name for name in names if name.startswith(f"{room}.")]
        if mine:
            lines.append(f"| **{title}** | |" + " |" * len(ROLE_PERMISSIONS))
        for name in mine:
            marks = " | ".join("✓" if name in held else "" for held in ROLE_PERMISSIONS.values())
            lines.append(f"| {LABELS[name]} | `{name}` | {marks} |")
    return HEAD + "\n".join(lines) + "\n" + NOTES


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    django.setup()
    TARGET.write_text(table(), encoding="utf-8")

"""The numbers beside the entries of the sidebar: only what waits for an action of this user, never mere totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Count:
    """A number and how urgent it is: `tone` is "" (calm), "soon" or "bad"."""

    number: int
    tone: str
    label: str


def for_user(user: User) -> dict[str, Count]:
    """The counters of `user`; an entry that has nothing waiting is left out."""
    return {}

"""Who may open what: one file a room, each with `ROWS`, and `prepare(world)` where its addresses need something.

    ROWS = [
        row("contacts:list", everyone=200),
        row("contacts:card", {"pk": lambda w: w.contact.pk}, everyone=200, other=404),
        row("contacts:erase", {"pk": ...}, method="post", data={...}, everyone=403, staff=302),
    ]

    def prepare(world):
        world.contact = make_contact(owner=world.staff)

The cast: `stranger` (sent to sign in unless the row says otherwise), `staff` (Petra), `mate` (Tomáš, her team), `other`
(Cizi, another team), `manager`, `dpo`, `admin`, `auditor`. Signed-in people have just confirmed their password. What a
request changes is undone before the next one. An address without a row, and a row without an address, fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

CAST = ("stranger", "staff", "mate", "other", "manager", "dpo", "admin", "auditor")
SIGN_IN = 302

Value = Any | Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """One request and the status that each of the cast gets."""

    name: str
    expected: Mapping[str, int]
    kwargs: Mapping[str, Value] = field(default_factory=dict)
    method: str = "get"
    data: Mapping[str, Value] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name if self.method == "get" else f"{self.method} {self.name}"


def row(
    name: str,
    kwargs: Mapping[str, Value] | None = None,
    *,
    everyone: int = 200,
    stranger: int = SIGN_IN,
    method: str = "get",
    data: Mapping[str, Value] | None = None,
    headers: Mapping[str, str] | None = None,
    **by_person: int,
) -> Row:
    """`everyone` is every signed-in person; name those for whom it is different.

    Values of `kwargs` and `data` may be functions of the world.
    """
    unknown = by_person.keys() - set(CAST)
    assert not unknown, f"not in the cast: {unknown}"
    expected = {**dict.fromkeys(CAST, everyone), "stranger": stranger, **by_person}
    return Row(name, expected, kwargs or {}, method, data or {}, headers or {})

"""The files of Bootstrap in use: the installed package holds a hundred, a page needs one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

FILES = ("css/bootstrap.min.css", "css/bootstrap.min.css.map")
"""The stylesheet and the map it names; its script is not used."""
PREFIX = "bootstrap"


def bootstrap_root() -> Path | None:
    """Where the package `bootstrap-wrapper` has put Bootstrap's files."""
    spec = find_spec("bootstrap")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


class BootstrapFinder(BaseFinder):
    """Finds `bootstrap/css/bootstrap.min.css` in the installed package."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=bootstrap_root())
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        """An error when the package or one of its files is missing."""
        missing = [name for name in FILES if bootstrap_root() is None or not self.storage.exists(name)]
        return [Error(f"Bootstrap's {name} is not installed.", id="crm.E001") for name in missing]

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> list[str] | str:  # type: ignore[override]
        """The file behind a static address, if it is one of `FILES`."""
        name = path.removeprefix(f"{PREFIX}/")
        found = self.storage.path(name) if name in FILES and path.startswith(f"{PREFIX}/") else ""
        return ([found] if found else []) if find_all else (found or [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """What collectstatic copies."""
        for name in FILES:
            yield name, self.storage

"""Every address of the running system, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def addresses(resolver: URLResolver | None = None, space: str = "", prefix: str = "") -> Iterator[tuple[str, Callable]]:
    """Name ("namespace:name", or "/route" where it has none) and view of each address."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield (f"{space}{entry.name}" if entry.name else f"/{route}", entry.callback)
        else:
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space, route)

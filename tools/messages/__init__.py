"""The message catalogues: one for each room, extracted from Python and templates, compiled without GNU gettext.

`python -m tools.messages update` brings every catalogue in line with the source, `check` says what is missing,
`compile` writes the binary files that Django reads (only those that are out of date).
"""

from tools.messages.catalogues import compile_stale

__all__ = ["compile_stale"]

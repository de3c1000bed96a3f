"""The command line of the message catalogues: `python -m tools.messages update|check|compile`."""

from __future__ import annotations

import argparse
import sys

from tools.messages.catalogues import compile_stale, update
from tools.messages.problems import problems
from tools.messages.sources import rooms


def main() -> int:
    """Run one action; the exit status is 0 only when there is nothing left to do."""
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description=__doc__)
    parser.add_argument("action", choices=["update", "check", "compile"])
    action = parser.parse_args().action
    if action == "compile":
        compile_stale()
        return 0
    if action == "update":
        changed = [room for room in rooms() if update(room)]
        print("Changed:", ", ".join(changed) or "nothing")
    found = problems()
    print("\n".join(found) if found else "Catalogues are complete.")
    return 1 if found and action == "check" else 0


if __name__ == "__main__":
    sys.exit(main())

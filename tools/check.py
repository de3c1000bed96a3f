"""Every guard of the source: `make check`. All of them run, two at a time, and the summary says which failed."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = [sys.executable]

#: Name of a guard -> its command. The long ones come first, so that the two workers end together.
GUARDS: dict[str, list[str]] = {
    "types (mypy)": [f"{BIN}/mypy", "."],
    # Components stand in the middle of a line, where white space would be seen: their form is left to their authors.
    # Faults only: the formatter breaks lines between inline elements, and people would see the gaps.
    "templates (djlint)": [f"{BIN}/djlint", "--lint", "--quiet", "templates"],
    "migrations": [*PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "system checks": [*PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "layers (import-linter)": [f"{BIN}/lint-imports", "--no-logo"],
    "catalogues": [*PYTHON, "-m", "tools.messages", "check"],
    "style (ruff)": [f"{BIN}/ruff", "check", "."],
    "format (ruff)": [f"{BIN}/ruff", "format", "--check", "."],
    "docker-compose.yml": [f"{BIN}/docker-compose", "--env-file", ".env.example", "config", "-q"],
}


@dataclass(frozen=True)
class Verdict:
    """What one guard said."""

    name: str
    passed: bool
    seconds: float
    output: str


def environment(folder: str) -> dict[str, str]:
    """Keys and a var/ for this run alone: the guards look at the source, never at an installation."""
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    return {**os.environ, "CRM_VAR": folder, "SECRET_KEY": key, "FIELD_ENCRYPTION_KEY": key, "NO_COLOR": "1"}


def run(name: str, command: list[str], env: dict[str, str]) -> Verdict:
    """Run one guard and keep its output for the summary."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except FileNotFoundError:
        return Verdict(name, passed=False, seconds=0.0, output=f"{command[0]} is not installed: make check installs it")
    return Verdict(name, done.returncode == 0, time.monotonic() - started, done.stdout)


def main() -> int:
    """Run all guards; 0 only when every one of them passed."""
    with tempfile.TemporaryDirectory(prefix="karta-check-") as folder, ThreadPoolExecutor(2) as pool:
        env = environment(folder)
        verdicts = list(pool.map(lambda item: run(item[0], item[1], env), GUARDS.items()))
    for verdict in verdicts:
        if not verdict.passed:
            print(f"--- {verdict.name}\n{verdict.output.strip()}\n")
    for verdict in verdicts:
        print(f"{'passed' if verdict.passed else 'FAILED':8}{verdict.seconds:6.1f} s  {verdict.name}")
    failed = sum(not verdict.passed for verdict in verdicts)
    print(f"\n{failed} of {len(verdicts)} guards failed." if failed else f"\nAll {len(verdicts)} guards passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Everything between an installed environment and a start: keys, catalogues, database, static files, first sign-in.

Safe to run at each start; what is already there is left alone. `make setup` and `make run` call it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sys
from pathlib import Path

from tools.messages import compile_stale

ROOT = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """The folder for everything that the running system writes; CRM_VAR moves it."""
    return Path(os.environ.get("CRM_VAR") or ROOT / "var").resolve()


def write_secrets(folder: Path) -> None:
    """Make the keys once. They are never overwritten: without them the data cannot be read again.

    Raises SystemExit when there is a database but its keys are gone; new keys would only hide the loss.
    """
    path = folder / "secrets.env"
    needed = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    missing = {name: value for name, value in needed.items() if not os.environ.get(name)}
    if path.exists() or not missing:
        return
    if (folder / "db.sqlite3").exists():
        raise SystemExit(
            f"{path} chybí, ale databáze tu je. Obnovte soubor ze zálohy; bez něj nejdou údaje přečíst.\n"
            f"{path} is missing, but there is a database. Restore the file from a backup; the data need it."
        )
    lines = "".join(f"{name}={value}\n" for name, value in missing.items())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("# Keys of this installation. Back this file up apart from the database.\n" + lines)


def prepare_django(folder: Path) -> None:
    """Bring the database and the static files up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    mark = folder / "static.mark"
    fingerprint = static_fingerprint()
    if not mark.exists() or mark.read_text() != fingerprint:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        mark.write_text(fingerprint)
    call_command("first_start")


def static_fingerprint() -> str:
    """Changes when a static file or an installed package does; collecting and compressing takes seconds."""
    own = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    parts = [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in own]
    parts.append((ROOT / "requirements.txt").read_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def main(then: list[str]) -> None:
    """Run all steps in order, and then a command of manage.py, in one process, since each process takes its second."""
    # Whatever this installation writes, from here on and in its children, is its owner's only.
    os.umask(0o077)
    folder = var_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secrets(folder)
    compile_stale()
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command

    try:
        prepare_django(folder)
        if then:
            call_command(*then)
    except (ImproperlyConfigured, CommandError) as problem:
        raise SystemExit(str(problem)) from None


if __name__ == "__main__":
    main(sys.argv[1:])

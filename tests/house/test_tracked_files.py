"""Nothing in the repository speaks of one particular machine, or of where packages were fetched from."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

# An empty group breaks each word, so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(?:wo(?:)rk|ro(?:)ot|Us(?:)ers|home/[a-z]+)/|/tm(?:)p/\w",
    "a package registry": r"pypi\.(?:)org|pythonhosted\.(?:)org|registry\.(?:)npmjs|deb\.(?:)debian",
    "where packages come from": r"--(?:extra-)?index-(?:)url|--find-(?:)links",
    "a private key": r"BEGIN [A-Z ]*PRIVATE (?:)KEY",
    "a merge that was not finished": r"(?m)^(?:<<<<<<<|>>>>>>>) ",
}


def tracked() -> list[Path]:
    command = ["git", "ls-files", "-z"]
    names = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    return [settings.BASE_DIR / name for name in names.split("\0") if name and (settings.BASE_DIR / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what):
    files = tracked()
    assert files, "this test looks at a git checkout"
    found = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(settings.BASE_DIR)}: {match[0]}" for match in re.finditer(FORBIDDEN[what], text)]
    assert found == []


def test_keys_and_data_of_an_installation_are_never_tracked():
    names = [path.relative_to(settings.BASE_DIR).as_posix() for path in tracked()]
    secret = re.compile(r"^var/|\.sqlite3$|(?:^|/)(?:secrets)?\.?env$")
    assert [name for name in names if secret.search(name)] == []

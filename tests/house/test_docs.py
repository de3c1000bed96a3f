"""The documents keep up with what they describe."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tools import data_map
from tools.messages.sources import rooms

ROOT = settings.BASE_DIR
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def requirements() -> list[str]:
    lines = [line for name in ("requirements.in", "requirements-dev.in") for line in (ROOT / name).open()]
    return [re.split(r"[<>=\s]", line)[0] for line in lines if line.strip() and not line.startswith(("#", "-r"))]


def test_every_dependency_has_its_reason():
    reasons = re.split(r"[\s,|]+", (ROOT / "docs/dependencies.md").read_text())
    assert [name for name in requirements() if name not in reasons] == []


def test_every_room_is_described():
    text = (ROOT / "docs/architecture.md").read_text()
    assert [room for room in rooms() if f"`{room}/`" not in text] == []


def test_the_first_two_commands_of_the_readme_run_and_test():
    fence = (ROOT / "README.md").read_text().split("```")[1]
    assert [line.split("#")[0].strip() for line in fence.strip().splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_variable_of_the_settings_is_documented():
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "crm/settings.py").read_text()))
    text = (ROOT / "docs/deployment.md").read_text() + (ROOT / "README.md").read_text()
    development_only = {"DJANGO_DEBUG", "STATIC_ROOT"}
    assert sorted(name for name in names - development_only if f"`{name}`" not in text) == []


def test_the_page_of_the_data_map_agrees_with_the_declarations():
    assert data_map.TARGET.read_text(encoding="utf-8") == data_map.page(), "run python -m tools.data_map"


def test_pictures_are_light_and_say_nothing_beside_what_they_show():
    pictures = [path.read_bytes() for path in ROOT.glob("docs/screenshots/*.png")]
    assert pictures
    assert [len(png) for png in pictures if len(png) > 250_000] == []
    assert [png for png in pictures if b"tEXt" in png or b"eXIf" in png] == []

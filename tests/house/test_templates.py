"""Every template of the project can be read by Django."""

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name):
    assert get_template(name).template.name == name

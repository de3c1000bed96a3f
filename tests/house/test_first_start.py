"""The first start makes keys and an administrator once; later starts change neither."""

import stat
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from accounts.models import User
from crm.embedded import sign_in
from tools.setup import write_secrets


@pytest.fixture
def _no_keys(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("FIELD_ENCRYPTION_KEY", raising=False)


@pytest.fixture
def var(settings, tmp_path, monkeypatch):
    """An installation without users, in a folder of its own."""
    monkeypatch.delenv("CRM_DEMO_PASSWORD", raising=False)
    settings.VAR_DIR = tmp_path
    User.objects.all().delete()
    return tmp_path


def keys_in(path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


@pytest.mark.usefixtures("_no_keys")
def test_keys_are_random_usable_and_readable_by_their_owner_only(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_secrets(tmp_path / folder)
    one, two = (keys_in(tmp_path / folder / "secrets.env") for folder in ("one", "two"))
    assert sorted(one) == sorted(two) == ["FIELD_ENCRYPTION_KEY", "SECRET_KEY"]
    assert not set(one.values()) & set(two.values())
    assert Fernet(one["FIELD_ENCRYPTION_KEY"])
    assert stat.S_IMODE((tmp_path / "one" / "secrets.env").stat().st_mode) == 0o600


@pytest.mark.usefixtures("_no_keys")
def test_keys_are_never_overwritten(tmp_path):
    write_secrets(tmp_path)
    before = (tmp_path / "secrets.env").read_text()
    write_secrets(tmp_path)
    assert (tmp_path / "secrets.env").read_text() == before


@pytest.mark.usefixtures("_no_keys")
def test_a_database_whose_keys_are_gone_gets_no_new_ones(tmp_path):
    (tmp_path / "db.sqlite3").touch()
    with pytest.raises(SystemExit, match=r"secrets\.env is missing"):
        write_secrets(tmp_path)
    assert not (tmp_path / "secrets.env").exists()


def test_keys_from_the_environment_are_not_written_down(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a")
    monkeypatch.setenv("FIELD_ENCRYPTION_KEY", "b")
    write_secrets(tmp_path)
    assert not (tmp_path / "secrets.env").exists()


@pytest.mark.django_db
def test_the_first_administrator_may_do_everything_and_signs_in_with_what_is_printed(var):
    assert sign_in.ensure_administrator()
    printed = sign_in.first_sign_in()
    user = User.objects.get()
    assert (user.email, user.is_superuser, user.is_staff) == (printed.email, True, True)
    assert user.check_password(printed.password)
    assert len(printed.password) >= 12
    assert stat.S_IMODE((var / sign_in.FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.django_db
def test_the_password_can_be_given_and_given_anew(var, monkeypatch):
    monkeypatch.setenv("CRM_DEMO_PASSWORD", "first-of-all")
    sign_in.ensure_administrator()
    assert sign_in.first_sign_in().password == "first-of-all"
    monkeypatch.setenv("CRM_DEMO_PASSWORD", "second-of-all")
    assert not sign_in.ensure_administrator()
    assert User.objects.get().check_password("second-of-all")
    monkeypatch.delenv("CRM_DEMO_PASSWORD")
    sign_in.ensure_administrator()
    assert sign_in.first_sign_in().password == "second-of-all"


@pytest.mark.django_db
def test_a_password_that_the_administrator_chose_is_neither_printed_nor_changed(var, monkeypatch):
    sign_in.ensure_administrator()
    user = User.objects.get()
    user.set_password("my own choice")
    user.save()
    monkeypatch.setenv("CRM_DEMO_PASSWORD", "somebody else's")
    assert not sign_in.ensure_administrator()
    assert sign_in.first_sign_in() is None
    assert User.objects.get().check_password("my own choice")
    assert not (var / sign_in.FILE_NAME).exists()


@pytest.mark.django_db
def test_a_second_start_creates_nobody(var):
    User.objects.create_user("petra@firma.example", "not the first", full_name="Petra")
    call_command("first_start", stdout=StringIO())
    assert [user.email for user in User.objects.all()] == ["petra@firma.example"]

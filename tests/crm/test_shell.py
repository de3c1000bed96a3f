"""The frame of every page: sidebar, static files, error pages."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from crm import counters, nav
from tasks.services import create_task


def test_only_the_files_of_bootstrap_in_use_are_served():
    assert finders.find("bootstrap/css/bootstrap.min.css")
    assert not finders.find("bootstrap/js/bootstrap.min.js")


def test_entries_without_an_address_are_left_out(petra, monkeypatch):
    monkeypatch.setattr(nav, "ENTRIES", (nav.Entry("Nowhere", "no:where", "eye"), nav.ENTRIES[0]))
    assert [link.url for link in nav.links_for(petra, "/")] == ["/"]


def test_entries_without_permission_are_left_out(petra, monkeypatch):
    monkeypatch.setattr(nav, "ENTRIES", (nav.Entry("Audit", "crm:dashboard", "eye", ("audit.view_auditevent",)),))
    assert nav.links_for(petra, "/") == []


def test_the_current_entry_is_marked_once(petra, client_of):
    page = client_of(petra).get("/").content.decode()
    assert page.count('aria-current="page"') == 1


def test_a_page_obeys_the_strict_policy(superuser, client_of):
    page = client_of(superuser).get("/ui/").content.decode()
    assert not re.search(r"""\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)""", page)


def test_the_gallery_is_hidden_from_everyone_else(petra, client_of):
    assert client_of(petra).get("/ui/").status_code == 404


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "410", "429", "500"])
def test_every_error_page_renders_without_any_context(name):
    page = render_to_string(f"{name}.html")
    assert "<h1>" in page
    assert "Traceback" not in page


def test_an_unknown_address_is_told_in_the_language_of_the_reader(petra, client_of):
    petra.language = "cs"
    petra.save()
    answer = client_of(petra).get("/neni/tady/")
    assert answer.status_code == 404
    assert "Tady nic není" in answer.content.decode()


def test_the_shell_costs_no_queries_of_its_own_beyond_the_counters(petra, client_of, django_assert_max_num_queries):
    client = client_of(petra)
    page = reverse("accounts:profile")  # a page that asks for next to nothing itself
    client.get(page)
    with django_assert_max_num_queries(9):
        client.get(page)


def test_htmx_keeps_nothing_in_the_browser(petra, client_of):
    page = client_of(petra).get(reverse("crm:dashboard")).content.decode()
    config = re.search(r"""name="htmx-config"\s+content='([^']+)'""", page).group(1)
    assert '"historyCacheSize":0' in config
    assert '"allowEval":false' in config
    assert "localStorage" not in (settings.BASE_DIR / "static/js/karta.js").read_text()


def test_the_counter_of_tasks_says_how_urgent_they_are(petra):
    translation.activate("en")
    today = timezone.localdate()
    assert counters.for_user(petra) == {}
    create_task(title="", assignee=petra, due_on=today + dt.timedelta(days=20), actor=None)
    assert counters.for_user(petra)["tasks"] == counters.Count(1, "", "1 task waits, none is late")
    create_task(title="", assignee=petra, due_on=today - dt.timedelta(days=1), actor=None)
    assert counters.for_user(petra)["tasks"] == counters.Count(2, "bad", "2 tasks wait, 1 late")

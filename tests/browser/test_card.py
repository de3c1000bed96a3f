"""The card in a real browser: what a colleague does with it all day."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consents.models import Basis
from consents.services.grounds import open_ground
from contacts.models import EmailAddress, StoredFile, TimelineEntry
from contacts.services.timeline import add_entry
from tasks.services import create_task
from tests import make
from tests.browser.conftest import too_wide

pytestmark = pytest.mark.browser

WIDTHS = [360, 390, 1440, 1920]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def open_card(page_of, user, contact, **options):
    user.language = "cs"
    user.save(update_fields=["language"])
    page = page_of(user, **options)
    page.goto(contact.get_absolute_url())
    return page


def test_a_note_and_a_call_are_written_without_leaving_the_card(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    page.locator("#write textarea").fill("Ozve se v pátek")
    page.locator("#write-save").click()
    page.locator(".events p", has_text="Ozve se v pátek").wait_for()
    page.get_by_role("link", name="Zapsat hovor").click()
    assert page.evaluate("document.activeElement.name") == "body"
    page.keyboard.type("Chce nabídku")
    page.keyboard.press("Control+Enter")
    page.locator(".events p", has_text="Chce nabídku").wait_for()
    kinds = TimelineEntry.objects.filter(contact=contact).order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["note", "call"]


def test_a_refused_note_says_why_and_keeps_its_words(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    page.locator("#write details summary").click()
    page.locator("#write_occurred_at").fill("2099-01-01T10:00")
    page.locator("#write textarea").fill("Z budoucnosti")
    page.locator("#write-save").click()
    page.locator("#write-errors").wait_for()
    assert page.locator("#write textarea").input_value() == "Z budoucnosti"
    assert not TimelineEntry.objects.exists()


def test_a_dropped_file_comes_back_byte_for_byte(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    content = bytes(range(256)) * 300
    page.locator("#id_dropped").set_input_files(
        {"name": "smlouva č. 1.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    link = page.get_by_role("link", name="smlouva č. 1.pdf")
    link.wait_for()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "smlouva č. 1.pdf"
    assert download.value.path().read_bytes() == content
    assert StoredFile.objects.filter(contact=contact).count() == 1


def test_an_email_is_corrected_in_two_clicks(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    page.get_by_role("link", name="Opravit jana@drevo.example").click()
    page.locator(".quick input[name=value]").fill("jana.nova@drevo.example")
    page.locator(".quick .btn-primary").click()
    page.get_by_role("link", name="jana.nova@drevo.example", exact=True).wait_for()
    assert EmailAddress.objects.get(contact=contact).value == "jana.nova@drevo.example"


def test_escape_leaves_a_correction_as_it_was(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    page.get_by_role("link", name="Opravit jana@drevo.example").click()
    page.locator(".quick input[name=value]").fill("jina@drevo.example")
    page.keyboard.press("Escape")
    page.locator(".quick").wait_for(state="detached")
    assert EmailAddress.objects.get(contact=contact).value == "jana@drevo.example"


def test_rows_are_added_to_the_form_without_losing_what_was_typed(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    page.goto(reverse("contacts:edit", args=[contact.pk]))
    page.locator("#id_last_name").fill("Dvořáková")
    page.locator("#rows-phones button[name=add]").click()
    page.locator("#id_phones-1-value").fill("777 123 456")
    page.locator(".bar .btn-primary").click()
    page.get_by_role("heading", name="Jana Dvořáková").wait_for()
    assert "777" in page.locator("#panel-contact").inner_text()


def test_an_employer_is_found_while_typing(page_of, petra):
    make.contact(petra, kind="organisation", organisation_name="Dřevo Sázava", first_name="", last_name="")
    contact = make.contact(petra, email="p@firma.example", phone=None)
    page = open_card(page_of, petra, contact)
    page.goto(reverse("contacts:edit", args=[contact.pk]))
    page.locator("#id_employer_q").press_sequentially("sazav")
    page.get_by_label("Dřevo Sázava").check()
    page.locator(".bar .btn-primary").click()
    page.get_by_role("link", name="Dřevo Sázava").wait_for()


def test_a_task_is_written_ticked_off_and_taken_up_again(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    page.locator("#panel-tasks .panel-head a").click()
    page.locator("#task_title").fill("Poslat nabídku")
    page.locator("#panel-tasks .btn-primary").click()
    page.get_by_role("button", name="Hotovo: Poslat nabídku").click()
    page.locator("#panel-tasks .empty").wait_for()
    page.locator(".toast-note form button").click()
    page.get_by_role("button", name="Hotovo: Poslat nabídku").wait_for()


def test_the_reasons_of_a_light_show_by_pointer_and_keyboard_and_close_by_escape(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact)
    light = page.locator(".light:has(.light-more)").first
    more = light.locator(".light-more")
    assert not more.is_visible()
    light.hover()
    more.wait_for()
    page.keyboard.press("Escape")
    assert not more.is_visible()
    page.mouse.move(0, 0)
    light.locator("button").focus()
    more.wait_for()


def test_without_script_everything_is_still_there(page_of, petra):
    contact = make.contact(petra)
    page = open_card(page_of, petra, contact, java_script_enabled=False)
    page.locator("#write textarea").fill("Bez skriptu")
    page.locator("#write-save").click()
    assert "Bez skriptu" in page.locator("#panel-timeline").inner_text()
    page.get_by_role("link", name="Opravit jana@drevo.example").click()
    page.locator("input[name=value]").fill("nova@drevo.example")
    page.locator("main .btn-primary").click()
    assert "nova@drevo.example" in page.locator("#panel-contact").inner_text()


def crowded(petra):
    """A card with a long name, many grounds, long words and open tasks."""
    contact = make.contact(
        petra,
        title_before="prof. MUDr. Ing. et Ing.",
        last_name="Wolfeschlegelsteinhausenbergerdorff-Nepomucká z Vlčnova",
        title_after="Ph.D., DrSc., MBA",
        position="zástupkyně vedoucího oddělení strategického nákupu",
        email="prilis.zlutoucky.kun.upel.dabelske.ody@velmi-dlouha-domena-drevovyroba-sazava.example",
        ground=make.consent_ground(days=20),
    )
    for i in range(12):
        purpose = make.new_purpose(f"ucel-{i}", Basis.CONTRACT, name=f"Účel číslo {i} s delším názvem")
        open_ground(contact=contact, purpose=purpose, actor=petra, reference=f"S-{i}")
    add_entry(contact=contact, kind="note", actor=petra, body="x" * 500)
    create_task(title="Dlouhý úkol " * 8, assignee=petra, due_on=timezone.localdate(), actor=petra, contact=contact)
    return contact


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_crowded_card_fits_every_screen_and_is_accessible(page_of, petra, violations, scheme):
    contact = crowded(petra)
    page = open_card(page_of, petra, contact, color_scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not too_wide(page), width
    for details in page.locator("main details:not(.menu)").all():
        details.evaluate("one => { one.open = true; }")
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 900})
    assert violations(page) == []

"""The main job, end to end: a new colleague brings in the customers, and does right by one of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pypdf
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from consents.models import ConsentEvent
from consents.presets import ensure_presets
from contacts.models import Contact, EmailAddress
from gdpr_requests.models import ErasureItem
from tasks.models import Task
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

HEADER = [
    "first_name",
    "last_name",
    "company_name",
    "address",
    "city",
    "county",
    "state",
    "zip",
    "phone1",
    "phone2",
    "email",
    "web",
]
SHE = {
    "first_name": "Jozefína",
    "last_name": "Darakyová",
    "company_name": "Pila Chanay, s. r. o.",
    "address": "Modrý hřeben 4",
    "city": "Brighton",
    "county": "Livingston",
    "state": "MI",
    "zip": "48116",
    "phone1": "810-292-9388",
    "phone2": "810-374-9840",
    "email": "jozefina@darakyova.example",
    "web": "http://www.chanay.example",
}
ROWS = 20


def table() -> bytes:
    """Twenty people in the form of a widespread sample of addresses; the second is the one to be looked for."""
    people = [_neighbour(number) for number in range(ROWS - 1)]
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows([people[0], SHE, *people[1:]])
    return text.getvalue().encode()


def _neighbour(number: int) -> dict[str, str]:
    return {
        "first_name": "Soused",
        "last_name": f"Číslo{chr(97 + number)}",
        "company_name": f"Sousedství {number}, a. s.",
        "address": f"{number + 1} Blue Gum St",
        "city": "New Orleans",
        "county": "Orleans",
        "state": "LA",
        "zip": f"701{number:02}",
        "phone1": f"504-621-89{number:02}",
        "phone2": f"504-845-14{number:02}",
        "email": f"soused{number}@ulice.example",
        "web": f"http://www.ulice{number}.example",
    }


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "erasures.ledger"


@pytest.fixture
def page(page_of, manager) -> Page:
    """A browser in which nobody is signed in yet, and whose console has to stay silent."""
    User.objects.filter(pk=manager.pk).update(language="cs")
    ensure_presets()
    page = page_of(None)
    page.set_default_timeout(8000)
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    return page


def sign_in(page: Page, user: User) -> None:
    page.goto("/")
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#find").wait_for()


def bring_in(page: Page) -> None:
    """The wizard: the file, why the data are held, where from; then the report."""
    page.goto("/contacts/import/")
    page.locator("#id_file").set_input_files({"name": "us.csv", "mimeType": "text/csv", "buffer": table()})
    page.locator("a[href='?purpose=contract']").click()
    page.select_option("[name=origin-source]", "sale")
    page.fill("[name=origin-source_detail]", "Seznam odběratelů z roku 2024")
    page.fill("[name=ground-reference]", "Rámcová smlouva 2024/7")
    page.get_by_role("button", name="Importovat").click()
    page.get_by_text("Prošly všechny řádky").wait_for()


def find(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)


def add_consent(page: Page, until: dt.date) -> None:
    page.locator("#panel-grounds .panel-head a").first.click()
    page.locator("a[href='?purpose=newsletter']").click()
    page.select_option("[name=method]", "paper")
    page.fill("[name=reference]", "šanon 3, list 12")
    page.fill("[name=valid_until]", until.isoformat())
    page.locator("main .btn-primary").click()
    page.locator("#panel-grounds").get_by_text("šanon 3, list 12").first.wait_for()


def show(page: Page) -> str:
    """What the PDF of the copy says, on one line."""
    page.get_by_role("link", name="Ukázat údaje").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Stáhnout kopii").click()
    with zipfile.ZipFile(waiting.value.path()) as copy:
        return text_of(copy.read("summary.pdf"))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def erase(page: Page) -> None:
    """Delete for good; the password is asked for once more on the way."""
    page.get_by_role("link", name="Smazat", exact=True).click()
    page.fill("[name=password]", PASSWORD)
    page.locator("main .btn-primary").click()
    page.get_by_role("button", name="Smazat natrvalo").click()
    page.get_by_role("heading", name="Potvrzení o").wait_for()


def test_from_the_list_of_customers_to_the_certificate(page, manager):
    sign_in(page, manager)
    bring_in(page)
    assert Contact.objects.count() == ROWS
    find(page, "dar")
    page.locator("#find-hits a", has_text="Darakyová").click()
    page.locator("#panel-grounds").wait_for()
    contact = Contact.objects.get(pk=page.url.rstrip("/").rpartition("/")[2])

    add_consent(page, timezone.localdate() + dt.timedelta(days=20))
    call_command("scan_consents", verbosity=0)
    call_command("scan_consents", verbosity=0)
    task = Task.objects.get(contact=contact, kind=Task.Kind.RENEW_CONSENT)
    assert (task.assignee, task.done_at) == (manager, None)

    page.goto("/tasks/")
    page.locator("#list .btn-primary").click()
    page.fill("[name=reference]", "e-mail z dneška")
    page.locator("main .btn-primary").click()
    page.locator("#panel-grounds").get_by_text("e-mail z dneška").first.wait_for()
    task.refresh_from_db()
    assert task.outcome == Task.Outcome.RENEWED
    assert list(ConsentEvent.objects.order_by("sequence").values_list("kind", flat=True)) == ["given", "renewed"]

    shown = show(page)
    held = ["first_name", "last_name", "company_name", "address", "city", "zip", "email"]
    assert [SHE[name] for name in held if SHE[name] not in shown] == []

    page.goto(contact.get_absolute_url())
    page.get_by_role("link", name="Opravit", exact=True).click()
    page.fill("[name=emails-0-value]", "nova@darakyova.example")
    page.locator(".actions.bar .btn-primary").click()
    page.get_by_role("link", name="nova@darakyova.example", exact=True).wait_for()
    assert [email.value for email in EmailAddress.objects.filter(contact=contact)] == ["nova@darakyova.example"]

    erase(page)
    certificate = page.locator("main").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF").click()
    paper = text_of(waiting.value.path().read_bytes())
    number = ErasureItem.objects.get().certificate
    assert number in certificate
    assert number in paper
    values = [*SHE.values(), "nova@darakyova.example", "šanon 3", "2024/7", manager.full_name, manager.email]
    assert [value for value in values if value in certificate or value in paper] == []

    find(page, "dar")
    page.get_by_text("Nikdo nenalezen").wait_for()
    assert page.locator("#find-hits a").count() == 0
    assert page.complaints == []
    assert page.goto(contact.get_absolute_url()).status == 410

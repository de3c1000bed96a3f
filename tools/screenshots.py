"""The pictures of README.md, taken from the running system: `make screenshots`.

Starts an embedded installation with the demo company in a folder of its own, walks through it in a real Chromium and
throws it away. The same state of the source gives the same people, so a picture changes only when the product does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MOST_BYTES = 250_000
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
STAFF, MANAGER = "petr.dvorak@drevo-sazava.example", "jana.kralova@drevo-sazava.example"
CUSTOMERS = """jméno;příjmení;firma;e-mail;telefon;ulice;město;PSČ;velikost bot
Alena;Šímová;Truhlářství Šíma;alena@sima.example;603 555 010;Lipová 4;Benešov;256 01;38
Bohumil;Říha;;riha@posta.example;777 300 212;Husova 18;Vlašim;258 01;44
Cecílie;Žáčková;Nábytek Zelený s. r. o.;zackova@zeleny.example;;Na Výsluní 2;Praha 10;100 00;39
Daniel;Kučera;Interiéry Kučera;daniel@kucera.example;+420 602 118 900;Polní 77;Kolín;280 02;
"""


@contextlib.contextmanager
def installation(password: str) -> Iterator[str]:
    """Run the product with the demo company; yields its address and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="karta-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = {**os.environ, "CRM_VAR": folder, "PORT": str(port), "CRM_DEMO_PASSWORD": password}
        command = [sys.executable, "-m", "tools.setup", "run_embedded"]
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, server)
            scan = [sys.executable, "manage.py", "scan_consents"]
            subprocess.run(scan, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=True)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes], seconds: int = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise SystemExit("The installation does not start: see what `make run` says.")


class Walk:
    """One colleague's way through the product, with a picture at every stop."""

    def __init__(self, page: Page, password: str) -> None:
        self.page, self.password = page, password

    def picture(self, name: str) -> None:
        """Save what is in the window, when nothing moves any more."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(400)
        content = optimised(self.page.screenshot(animations="disabled"))
        if len(content) > MOST_BYTES:
            raise SystemExit(f"{name}.png has {len(content)} bytes, more than {MOST_BYTES}.")
        (TARGET / f"{name}.png").write_bytes(content)

    def sign_in(self, colleague: str) -> None:
        """Begin as somebody else."""
        self.page.context.clear_cookies()
        self.page.goto("/accounts/login/")
        self.page.fill("[name=username]", colleague)
        self.page.fill("[name=password]", self.password)
        self.page.keyboard.press("Enter")
        self.page.locator("#find").wait_for()

    def lists(self) -> None:
        """The overview, the contacts and the tasks."""
        for address, name in (("/", "dashboard"), ("/contacts/", "contacts"), ("/tasks/", "tasks")):
            self.page.goto(address)
            self.picture(name)

    def richest_card(self) -> str:
        """Of the cards whose consent nears its end, the address of the one that has most to show."""
        self.page.goto("/tasks/?tab=team")
        links = self.page.locator("#list li:has(a[href$='/renew/']) a[href^='/contacts/']:not(.btn)")
        found = {link.get_attribute("href"): 0 for link in links.all()}
        for address in found:
            self.page.goto(str(address))
            found[address] = 3 * self.page.locator(".ground").count() + self.page.locator("#panel-timeline li").count()
        return str(max(found, key=lambda address: found[address]))

    def card(self, address: str) -> None:
        """The card: by day, by night and on a phone."""
        self.page.goto(address)
        self.picture("card")
        self.page.emulate_media(color_scheme="dark")
        self.picture("card-dark")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(NARROW)
        self.picture("card-narrow")
        self.page.set_viewport_size(WIDE)

    def bring_in(self) -> None:
        """An import, where its columns are matched."""
        self.page.goto("/contacts/import/")
        file = {"name": "zákazníci.csv", "mimeType": "text/csv", "buffer": CUSTOMERS.encode("cp1250")}
        self.page.locator("#id_file").set_input_files(file)  # type: ignore[arg-type]
        self.page.locator("a[href='?purpose=contract']").click()
        self.page.locator("#columns").wait_for()
        self.picture("import")

    def erase(self, address: str) -> None:
        """The preview of an erasure, then its certificate."""
        self.page.goto(f"{address}erase/")
        self.page.fill("[name=password]", self.password)
        self.page.locator("main .btn-primary").click()
        self.page.locator("#goes").wait_for()
        self.picture("erasure")
        self.page.locator("main .btn-danger").click()
        self.page.wait_for_url("**/certificates/**")
        self.picture("certificate")


def optimised(png: bytes) -> bytes:
    """The same picture, packed as tightly as PNG allows, and without anything beside the picture."""
    kept = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
    chunks: list[tuple[bytes, bytes]] = []
    position = 8
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        chunks.append((kind, png[position + 8 : position + 8 + length]))
        position += length + 12
    packed = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    plain = [(kind, data) for kind, data in chunks if kind in kept and kind not in (b"IDAT", b"IEND")]
    return png[:8] + b"".join(_chunk(*one) for one in [*plain, (b"IDAT", packed), (b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Take all the pictures into docs/screenshots/."""
    TARGET.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(12)
    with installation(password) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(
            base_url=address,
            viewport=WIDE,
            locale="cs-CZ",
            timezone_id="Europe/Prague",
            color_scheme="light",
        )
        walk = Walk(page, password)
        walk.sign_in(STAFF)
        walk.lists()
        card = walk.richest_card()
        walk.card(card)
        walk.sign_in(MANAGER)
        walk.bring_in()
        walk.erase(card)
        browser.close()
    for picture in sorted(TARGET.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()

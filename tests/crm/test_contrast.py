"""The colours of both themes keep the ratios of WCAG 2.2 AA: 4.5 for text, 3 for what must be seen."""

import colorsys
import re

import pytest
from django.conf import settings

STYLESHEET = (settings.BASE_DIR / "static/css/karta.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", STYLESHEET.split("/* Bootstrap reads")[0]
    )
}
GROUNDS = ["bg", "surface", "raised"]
BASES = ["consent", "contract", "law", "vital", "public", "interest"]
STATES = ["ok", "soon", "bad", "info"]

TEXT = [
    *[(ink, ground) for ink in ("ink", "dim", "accent", "accent-strong", *STATES) for ground in (*GROUNDS, "sunken")],
    *[(tone, f"{tone}-soft") for tone in (*BASES, *STATES, "accent")],
    *[(ink, f"{tone}-soft") for ink in ("ink", "dim") for tone in ("ok", "bad", "soon", "info")],
    ("ink", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
]
SEEN = [
    *[("field-line", ground) for ground in (*GROUNDS, "sunken")],
    *[(basis, ground) for basis in BASES for ground in ("surface", "sunken")],
    *[("accent", ground) for ground in (*GROUNDS, "sunken", "accent-soft")],
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def too_faint(pairs: list[tuple[str, str]], theme: int, least: float) -> list[str]:
    return [
        f"{front} on {back}: {value:.2f}"
        for front, back in pairs
        if (value := ratio(TOKENS[front][theme], TOKENS[back][theme])) < least
    ]


def test_the_measure_itself_is_right():
    assert ratio("#000000", "#ffffff") == 21
    assert round(ratio("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read(theme):
    assert too_faint(TEXT, theme, 4.5) == []


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_borders_bars_and_focus_can_be_seen(theme):
    assert too_faint(SEEN, theme, 3) == []


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_six_bases_differ_in_hue(theme):
    """Told apart by colour beside their words: no two hues closer than 18 degrees."""
    hues = []
    for basis in BASES:
        colour = TOKENS[basis][theme]
        hues.append(colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0] * 360)
    pairs = [(a, b) for i, a in enumerate(hues) for b in hues[i + 1 :]]
    assert min(min(abs(a - b), 360 - abs(a - b)) for a, b in pairs) > 18


def test_every_colour_used_is_a_token():
    """A colour outside of the tokens would be forgotten in one of the themes."""
    body = STYLESHEET.split(":root[data-theme")[1].split("/* ── Paper")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"light-dark\([^)]*\)", "", body)) == []

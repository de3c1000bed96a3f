"""Logs say what happened and where, and nothing about a person."""

import logging
import sys

import pytest

from crm.logs import SafeFormatter, path_in_one_piece, redacted

RECORD = "0190c1d2-1111-7abc-8def-0123456789ab"
LINES = {
    "GET /contacts/?q=Nov%C3%A1k 200": "GET /contacts/ 200",
    "Not Found: /my/Zr8kQ0cN2mV5xY7tB1aLp3/": "Not Found: /my/…/",
    "GET /my/confirm/MTIzNDU2Nzg5MDEy:1abcde:Xy_z-12345/ 404": "GET /my/confirm/…/ 404",
    f"GET /contacts/{RECORD}/ 200": f"GET /contacts/{RECORD}/ 200",
    "GET /static/css/karta.0123456789ab.css 200": "GET /static/css/karta.0123456789ab.css 200",
    "Ready? Yes.": "Ready? Yes.",
    "Not Found: /contacts/jana@drevo.example/": "Not Found: /contacts/…/",
    "Not Found: /contacts/Jana Nováková/": "Not Found: /contacts/…/",
    "GET /contacts/Jana%20Nov%C3%A1kov%C3%A1/ 404 0 bytes": "GET /contacts/…/ 404 0 bytes",
    "Listening at: http://127.0.0.1:8000 (1)": "Listening at: http://127.0.0.1:8000 (1)",
    "GET /search?q=a 301": "GET /search 301",
}


@pytest.mark.parametrize("line", LINES)
def test_queries_and_personal_keys_are_taken_out_of_a_line(line):
    assert redacted(line) == LINES[line]


def test_an_address_with_the_end_of_a_line_in_it_writes_no_second_line():
    assert path_in_one_piece("/a b\nERROR karta forged") == "/a%20b…ERROR%20karta%20forged"


def formatted(error: Exception) -> str:
    try:
        try:
            raise error
        except ValueError as cause:
            raise RuntimeError(str(error)) from cause
    except (RuntimeError, AttributeError):
        record = logging.LogRecord("karta", logging.ERROR, __file__, 1, "It broke", (), sys.exc_info())
    return SafeFormatter("{message}", style="{").format(record)


def test_an_error_shows_its_way_and_its_type_but_not_the_value_that_caused_it():
    text = formatted(ValueError("Josefina is not a number"))
    assert "Josefina" not in text
    assert "builtins.ValueError" in text
    assert "builtins.RuntimeError" in text
    assert 'test_logs.py", line' in text


def test_an_error_of_the_program_keeps_its_message():
    assert "AttributeError: no attribute x" in formatted(AttributeError("no attribute x"))

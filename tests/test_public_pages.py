"""Signing in is the rule; every page that strangers may open is listed here, with the reason."""

from __future__ import annotations

from tests.addresses import addresses

PUBLIC = {
    "accounts:login": "the door itself",
    "accounts:preferences": "strangers choose their language",
    "accounts:request_link": "who forgot the password cannot sign in",
    "accounts:link_sent": "says what happens next, the same to everybody",
    "accounts:reset": "opened by the signed link of a letter",
    "accounts:invitation": "opened by the signed link of a letter",
    "gdpr_requests:privacy": "what people are told (Art. 13, 14)",
    "gdpr_requests:notice": "the same in another language",
    "gdpr_requests:notice_versions": "what people were told before",
    "gdpr_requests:notice_version": "one of these as a file",
    "gdpr_requests:my_copy": "the person fetches a copy with the link and the code",
    "healthz": "asked by machines that watch the installation",
    "admin:login": "sends on to our own door",
}


def test_no_other_page_is_public():
    public = {name for name, view in addresses() if not getattr(view, "login_required", True)}
    assert public == set(PUBLIC)

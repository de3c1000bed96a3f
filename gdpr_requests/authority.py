"""The supervisory authority that people may complain to (Art. 77)."""

from __future__ import annotations

from django.conf import settings


def supervisory_authority() -> dict[str, str]:
    """Name, address and web address, from the settings: authorities move, and a company may answer to another one."""
    name, address, web = (part.strip() for part in settings.SUPERVISORY_AUTHORITY.split("|"))
    return {"name": name, "address": address, "web": web}

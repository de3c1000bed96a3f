"""Tables that come from Django and from packages, in the words of the data map.

None of them is about contacts: they are about the colleagues who use the system, and no contact's name may get into
them. Contacts are not in the administration, and their __str__ holds only an id.
"""

from privacy.datamap import PLAIN, Entry, Erase, Field, Kind

_COLLEAGUE = "A colleague's own data, held because of their work; their account's end removes them."


def _staff(kind: Kind = Kind.PERSONAL, *, erase: Erase = "row", because: str = _COLLEAGUE) -> Field:
    return Field(kind, "staff", export=False, erase=erase, because=because)


def _not_personal(model: str, *names: str, ends: str) -> Entry:
    return Entry(model, to_contact=None, fields=dict.fromkeys(names, PLAIN), ends=ends, third_party=True)


_UNUSED = "Always empty: attempts are counted in accounts.AttemptCounter (AXES_HANDLER)."
_AXES = {
    name: _staff(Kind.IDENTIFYING, because=_UNUSED)
    for name in ("user_agent", "ip_address", "username", "http_accept", "path_info")
}

DATA_MAP = [
    _not_personal("contenttypes.ContentType", "app_label", "model", ends="Kept as long as its table."),
    _not_personal("auth.Permission", "name", "content_type", "codename", ends="Kept as long as its table."),
    _not_personal("auth.Group", "name", ends="Kept until an administrator deletes the role."),
    _not_personal("auth.Group_permissions", "group", "permission", ends="Deleted with the role."),
    Entry(
        "admin.LogEntry",
        to_contact=None,
        because="Nothing is written into it (accounts/admin_site.py): it would keep names.",
        fields={
            "action_time": _staff(),
            "user": _staff(),
            "content_type": PLAIN,
            "object_id": _staff(),
            "object_repr": _staff(Kind.IDENTIFYING),
            "action_flag": PLAIN,
            "change_message": _staff(),
        },
        ends="Always empty.",
        third_party=True,
    ),
    Entry(
        "sessions.Session",
        to_contact=None,
        because="Belongs to the colleague who is signed in; holds ids and messages on their way, no contacts' data.",
        fields={"session_key": _staff(), "session_data": _staff(), "expire_date": PLAIN},
        ends="Deleted at sign-out, or by the nightly clean-up once it has expired.",
        third_party=True,
    ),
    Entry(
        "axes.AccessAttempt",
        to_contact=None,
        because=_UNUSED,
        fields={
            **_AXES,
            "attempt_time": PLAIN,
            "get_data": _staff(Kind.IDENTIFYING, because=_UNUSED),
            "post_data": _staff(Kind.IDENTIFYING, because=_UNUSED),
            "failures_since_start": PLAIN,
        },
        ends=_UNUSED,
        third_party=True,
    ),
    _not_personal("axes.AccessAttemptExpiration", "access_attempt", "expires_at", ends=_UNUSED),
    Entry(
        "axes.AccessFailureLog",
        to_contact=None,
        because=_UNUSED,
        fields={**_AXES, "attempt_time": PLAIN, "locked_out": PLAIN},
        ends=_UNUSED,
        third_party=True,
    ),
    Entry(
        "axes.AccessLog",
        to_contact=None,
        because=_UNUSED,
        fields={**_AXES, "attempt_time": PLAIN, "logout_time": PLAIN, "session_hash": PLAIN},
        ends=_UNUSED,
        third_party=True,
    ),
]

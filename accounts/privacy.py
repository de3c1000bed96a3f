"""The accounts' part of the data map. Colleagues are not contacts: they see their data on their own page."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_WORK = "A colleague's working data, which they see and correct on their own page; they end with the account."
_CLEAR = "In clear, because people sign in and are listed by it; the table holds colleagues only, never contacts."
_STAFF = Field(Kind.PERSONAL, "staff", export=False, because=_WORK)
_STAFF_NAME = Field(Kind.IDENTIFYING, "staff", export=False, because=_CLEAR)
_COMPANY = "The company's own contact, published in every notice (Art. 13)."

DATA_MAP = [
    Entry("accounts.Team", to_contact=None, fields={"name": PLAIN}, ends="Kept until an administrator deletes it."),
    Entry(
        "accounts.User",
        to_contact=None,
        because=_WORK,
        fields={
            "email": _STAFF_NAME,
            "full_name": _STAFF_NAME,
            "password": Field(Kind.PERSONAL, "staff", export=False, because="An Argon2 hash; nobody can read it back."),
            "last_login": _STAFF,
            "is_superuser": _STAFF,
            "team": _STAFF,
            "language": _STAFF,
            "theme": _STAFF,
            "is_active": _STAFF,
            "date_joined": _STAFF,
            "deactivated_at": _STAFF,
        },
        ends="Deactivated when the colleague leaves; name and e-mail go three years later (FORMER_COLLEAGUE_DAYS), by "
        "themselves. An account that was never used may be deleted at once.",
    ),
    Entry(
        "accounts.User_groups",
        to_contact=None,
        because=_WORK,
        fields={"user": _STAFF, "group": _STAFF},
        ends="Deleted with the account or the role.",
    ),
    Entry(
        "accounts.User_user_permissions",
        to_contact=None,
        because=_WORK,
        fields={"user": _STAFF, "permission": _STAFF},
        ends="Deleted with the account.",
    ),
    Entry(
        "accounts.Installation",
        to_contact=None,
        because=_COMPANY,
        fields={
            **dict.fromkeys(
                (
                    "id",
                    "name",
                    "registration_number",
                    "address",
                    "email",
                    "phone",
                    "visibility",
                    "request_years",
                    "suppression_years",
                    "four_eyes",
                ),
                PLAIN,
            ),
            "dpo_contact": Field(Kind.IDENTIFYING, "staff", export=False, because=_COMPANY),
        },
        ends="Kept as long as the installation.",
    ),
    Entry(
        "accounts.RoleDefault",
        to_contact=None,
        fields={"role": PLAIN, "permission": PLAIN},
        ends="Kept as long as the installation.",
    ),
    Entry(
        "accounts.AttemptCounter",
        to_contact=None,
        because="The key is an HMAC of a sign-in name and a machine's address: nobody can be found by it.",
        fields={"key": _STAFF, "count": PLAIN, "ends_at": PLAIN},
        ends="Removed when its window of minutes is over, and every night.",
    ),
]

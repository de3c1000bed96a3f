"""The part of the data map for accountability. None of these tables is about a contact."""

from privacy.datamap import PLAIN, Entry, Field, Kind

ENTRIES = [
    Entry(
        "gdpr_requests.PublishedNotice",
        to_contact=None,
        fields=dict.fromkeys(("language", "version", "content", "page", "sha256", "published_at"), PLAIN),
        ends="Kept: each version proves what people could read, and from which day on.",
    ),
    Entry(
        "gdpr_requests.SecurityMeasure",
        to_contact=None,
        fields=dict.fromkeys(("code", "text", "position", "is_used"), PLAIN),
        ends="Kept until somebody deletes it.",
    ),
    Entry(
        "gdpr_requests.InspectionPack",
        to_contact=None,
        because="Names the colleague who asked for it; says nothing of contacts.",
        fields={
            **dict.fromkeys(("language", "state", "total", "processed", "key", "storage_name", "size"), PLAIN),
            **dict.fromkeys(("sha256", "created_at", "touched_at", "ends_on"), PLAIN),
            "created_by": Field(
                Kind.PERSONAL, "staff", export=False, because="A colleague's own data, held because of their work."
            ),
        },
        ends="The file and its key are destroyed after seven days, the row after three years.",
    ),
]

"""The intake's part of the data map."""

from privacy.datamap import PLAIN, Entry, Field, Kind

_STAFF = Field(Kind.PERSONAL, "communication", export=False, because="A colleague.")
_LINK = Field(Kind.PERSONAL, "identity", export=False, because="The row's way to its card, which is exported.")
_RAW = Field(
    Kind.IDENTIFYING,
    "identity",
    export=False,
    because="Kept only for refused rows, which have no card; destroyed with the batch's key after thirty days.",
)

DATA_MAP = [
    Entry(
        "intake.ImportBatch",
        to_contact=None,
        because="What was decided about a file; its people are on their cards or in the refused rows.",
        fields={
            "file_name": Field(
                Kind.PERSONAL, "documents", export=False, because="The name of a file with many people in it."
            ),
            "storage_name": PLAIN,
            "size": PLAIN,
            "kind": PLAIN,
            "options": PLAIN,
            "mapping": PLAIN,
            "purpose": PLAIN,
            "ground": Field(
                Kind.PERSONAL,
                "contract",
                export=False,
                because="The ground of every card, exported there.",
            ),
            "source": PLAIN,
            "source_detail": Field(
                Kind.PERSONAL,
                "identity",
                export=False,
                because="The source of every card, exported there.",
            ),
            "owner": _STAFF,
            "state": PLAIN,
            "problem": PLAIN,
            "total": PLAIN,
            "processed": PLAIN,
            "created_count": PLAIN,
            "refused_count": PLAIN,
            "duplicate_count": PLAIN,
            "created_at": PLAIN,
            "created_by": _STAFF,
            "touched_at": PLAIN,
            "finished_at": PLAIN,
        },
        ends="The file, the refused rows and the key go thirty days after the end; the counts after three years.",
    ),
    Entry(
        "intake.ImportRow",
        to_contact="contact",
        fields={
            "batch": PLAIN,
            "number": Field(Kind.PERSONAL, "identity"),
            "state": Field(Kind.PERSONAL, "identity"),
            "contact": _LINK,
            "double_of": _LINK,
            "problems": Field(Kind.PERSONAL, "identity"),
            "cells": _RAW,
        },
        ends="With its batch's file, thirty days after the end of the import.",
    ),
]

"""What an import says about the rows it did not take."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.batch import reading
from intake.batch.sorting import ALREADY_HELD, SUPPRESSED
from intake.models import ImportBatch, ImportRow
from intake.parsing.problems import MESSAGES, ImportProblem

# Reasons that the data base knows and a file can't.
OWN: dict[str, Promise] = {
    SUPPRESSED: _("The address asked to be left alone."),
    ALREADY_HELD: _("A colleague holds this contact already; the data protection officer has been told."),
}


def reasons_of(row: ImportRow) -> list[str]:
    """The reasons in the reader's language: first why it was refused, then remarks."""
    found = []
    for stored in row.problems:
        code = stored["code"]
        if code in OWN:
            found.append(str(OWN[code]))
        elif code in MESSAGES:
            problem = ImportProblem.from_dict({"row": None, "column": None, "params": {}, **stored})
            found.append(problem.message)
    return found


def headers_of(batch: ImportBatch) -> list[str]:
    """The headers of the file while it is kept."""
    if not batch.mapping or not batch.storage_name:
        return []
    return list(reading.table_of(batch, reading.content_of(batch)).headers)

"""What can be wrong with a file or with a row, in words for the person who brought it."""

from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Promise] = {
    # The whole file
    "empty_file": _("The file is empty."),
    "file_too_big": _("The file is larger than %(megabytes)s MB."),
    "binary_file": _("This is neither a table nor a vCard nor an e-mail. Use CSV, XLSX, VCF or EML."),
    "legacy_excel": _("This is an old Excel file (.xls). Open it in Excel or LibreOffice and save it as .xlsx."),
    "encrypted_office": _("The file is protected by a password. Save it without the password and try again."),
    "outlook_message": _("This is an Outlook message (.msg). Save it as .eml and try again."),
    "unsupported_kind": _("Files of the kind %(kind)s cannot be read. Use CSV, XLSX, VCF or EML."),
    "not_a_table": _("The file is not a table. Use CSV or XLSX."),
    "not_vcard": _("The file holds no vCard."),
    "not_email": _("The file is not an e-mail message."),
    "encoding_unknown": _("The encoding of the text was not recognised. Save the file as UTF-8 and try again."),
    "encoding_mixed": _("The text is damaged here: part of it is UTF-8 and part is not."),
    "encoding_mismatch": _("The text cannot be read in the encoding %(encoding)s."),
    "delimiter_invalid": _("The delimiter must be a single character."),
    "null_bytes": _("The text contains a null character, which no text may hold."),
    "broken_quotes": _("A quotation mark is opened and never properly closed here."),
    "cell_too_long": _("The value is longer than %(limit)s characters."),
    "binary_too_big": _("The attached picture or file is larger than %(megabytes)s MB."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it into several files."),
    "too_many_columns": _("The row has more than %(limit)s columns."),
    "too_many_parts": _("The message has too many parts or is nested too deeply."),
    "archive_too_big": _("The workbook is suspiciously large when unpacked and was not opened."),
    "xlsx_broken": _("The workbook is damaged and cannot be opened."),
    "no_rows": _("The file has no rows with data."),
    "sheet_missing": _("The workbook has no such sheet."),
    "vcard_unclosed": _("The card is not closed; the file may have been cut off."),
    # One row; the value itself is kept
    "row_too_long": _("The row has more values than there are columns; the extra ones were added to the note."),
    "line_unreadable": _("A line of the card was not understood; it was added to the note."),
    "binary_broken": _("A picture or file in the card is damaged; its text was added to the note."),
    "email_invalid": _("The e-mail address is not valid; it was added to the note."),
    "phone_invalid": _("This is not a phone number; it was added to the note."),
    "phone_unverified": _("The phone number does not fit any known numbering plan; it was kept as written."),
    "ico_invalid": _("The company number (IČO) does not pass its check; it was added to the note."),
    "dic_invalid": _("The VAT number (DIČ) does not pass its check; it was added to the note."),
    "value_too_long": _("The value is longer than its field; it was added to the note."),
    "date_invalid": _("This is not a whole date, or it could be two; it was added to the note."),
    "name_missing": _("The row has neither the name of a person nor of a company."),
    "nothing_to_keep": _("The row has no name, company, e-mail or phone, so there is nobody to hold it for."),
    "body_cut": _("The text of the message was cut; the whole of it is in the original file."),
    "header_broken": _("A header of the message is damaged and was read only partly."),
}
# A row with one of these cannot become a contact; all other row problems are remarks.
REFUSING = frozenset({"nothing_to_keep"})


class ImportProblem(Exception):  # noqa: N818 - it is listed for rows more often than raised
    """One thing that is wrong, raised for a whole file and listed for a row.

    `code` is a key of MESSAGES. `row` counts from 1 as a spreadsheet shows it (for vCard: which card). `column` counts
    from 1 in a table and is the property's name in a vCard. `params` are numbers or codes for the message, never a
    person's value, so that a problem may be stored, logged and shown.
    """

    def __init__(
        self, code: str, *, row: int | None = None, column: int | str | None = None, **params: int | str
    ) -> None:
        super().__init__(code, row, column)
        self.template = MESSAGES[code]
        self.code = code
        self.row = row
        self.column = column
        self.params = params

    @property
    def message(self) -> str:
        """The sentence in the language active now."""
        return str(self.template) % self.params

    @property
    def where(self) -> str:
        """The place in the file in the language active now; empty when it is the whole file."""
        parts = []
        if self.row is not None:
            parts.append(gettext("row %(row)s") % {"row": self.row})
        if isinstance(self.column, int):
            parts.append(gettext("column %(column)s") % {"column": column_letters(self.column)})
        elif self.column:
            parts.append(gettext("field %(field)s") % {"field": self.column})
        return ", ".join(parts)

    @property
    def refuses(self) -> bool:
        """Whether the row cannot become a contact."""
        return self.code in REFUSING

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ImportProblem) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((self.code, self.row, self.column))

    def as_dict(self) -> dict[str, Any]:
        """A form that JSON can hold; `from_dict` reads it back."""
        return {"code": self.code, "row": self.row, "column": self.column, "params": self.params}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The problem that `as_dict` described."""
        return cls(stored["code"], row=stored["row"], column=stored["column"], **stored["params"])


def column_letters(number: int) -> str:
    """The name of a column as spreadsheets show it: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters

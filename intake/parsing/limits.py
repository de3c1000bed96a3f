"""How much one file may ask of the machine. The numbers are generous for people and small for attackers."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; a file beyond any of them is refused whole, with the place named."""

    file_bytes: int = 25 * MEGABYTE
    rows: int = 100_000
    columns: int = 500
    # Also the standard library's own bound for a CSV field.
    cell_chars: int = 131_072
    # An XLSX is a ZIP: all of its parts together once unpacked, and those that have to be held in memory whole.
    unpacked_bytes: int = 200 * MEGABYTE
    part_bytes: int = 60 * MEGABYTE
    # A photograph or a key inside a vCard.
    binary_bytes: int = 10 * MEGABYTE
    # Bodies longer than this are cut in the text form of an e-mail; the original file keeps the rest.
    body_chars: int = 1_000_000
    parts: int = 500


DEFAULT_LIMITS = Limits()

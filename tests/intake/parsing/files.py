"""The sample files of these tests, made for them: invented people, real habits of programs."""

from pathlib import Path

FILES = Path(__file__).parent.parent / "files"

TABLES = ("zakaznici-1250.csv", "zakaznici-utf16.csv", "customers-us.csv", "zakaznici.xlsx")
CARDS = ("stary-telefon.vcf", "ovoce.vcf", "novy.vcf")
MAILS = ("poptavka.eml", "jen-html.eml", "rozbity.eml")


def sample(name: str) -> bytes:
    """The bytes of one sample."""
    return (FILES / name).read_bytes()

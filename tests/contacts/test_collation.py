"""Names from A to Z, as Czechs and English people read them."""

from contacts.collation import in_order


def test_czech_puts_ch_after_h_and_haceks_after_their_letter() -> None:
    names = ["Chalupa", "Cibulka", "Čáp", "", "Hora", "Dub", "Ťuk", "Žák"]
    from django.utils import translation

    with translation.override("cs"):
        assert in_order(names, str) == ["Cibulka", "Čáp", "Dub", "Hora", "Chalupa", "Ťuk", "Žák", ""]
    with translation.override("en"):
        assert in_order(names, str)[:3] == ["Čáp", "Chalupa", "Cibulka"]

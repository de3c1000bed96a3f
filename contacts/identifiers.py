"""Czech registration numbers: IČO and DIČ, checked by their check digits."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cz.dic import calc_check_digit_legal as check_digit
from stdnum.eu import vat as european_vat
from stdnum.exceptions import ValidationError as NumberError


def clean_ico(value: str) -> str:
    """The IČO as eight digits. Raises ValidationError where its check digit is wrong (modulo 11)."""
    digits = "".join(value.split())
    if not digits:
        return ""
    digits = digits.zfill(8)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 8) or check_digit(digits[:7]) != digits[7]:
        raise ValidationError(_("This is not a valid IČO: it has eight digits and the last one is a check digit."))
    return digits


def clean_dic(value: str) -> str:
    """The VAT number with its country prefix. Raises ValidationError where it can't be one."""
    compact = "".join(value.split()).upper()
    if not compact:
        return ""
    if compact.isdigit():
        compact = f"CZ{compact}"
    try:
        return str(european_vat.validate(compact))
    except NumberError as error:
        raise ValidationError(_("This is not a valid DIČ: check the country prefix and the digits.")) from error

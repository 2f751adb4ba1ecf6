"""Numbers that a label quotes and no candidate has: nearly an item's, or another invoice's altogether."""

from rapidfuzz.distance import OSA

from exigible.core.matching.asked import Asked
from exigible.core.matching.numbers import INVOICE_WORDS, OTHER_WORDS, Quoted, number_forms, number_lengths
from exigible.core.matching.records import OpenItem

_NEAR_DIGITS = 4


def near_number(asked: Asked, item: OpenItem) -> str:
    """The number quoted that is one slip away from an item's and is no candidate's; "" when there is none."""
    hit = {place for each in asked.hits for place in range(each.quoted.place, each.quoted.last + 1)}
    whole, tail, _letters = number_forms(item.number)
    forms = [form for form in (*sorted(whole), tail) if len(form) >= _NEAR_DIGITS]
    for each in asked.told.quoted:
        if each.place in hit or each.digits in whole or each.digits == tail or is_year(asked, each):
            continue
        if any(abs(len(each.digits) - len(form)) < 2 and OSA.distance(each.digits, form) == 1 for form in forms):
            return each.text
    return ""


def unresolved(asked: Asked, customer: int) -> str:
    """What the label gives for a number of invoice and no candidate has, "" when nothing: the payment is of another.

    Digits after a word for invoice, after the letters of this customer's numbers, or, in the label, as long as these numbers are.
    """
    hit = {place for each in asked.hits for place in range(each.quoted.place, each.quoted.last + 1)}
    numbers = [item.number for item in asked.open_of(customer)]
    letters = {number_forms(number)[2] for number in numbers} - {""}
    lengths = {size for number in numbers for size in number_lengths(number)}
    for each in asked.told.quoted:
        is_free = each.place == each.last and each.place not in hit and not is_year(asked, each)
        is_called = len(each.digits) >= 3 and (each.word in INVOICE_WORDS or each.word in letters)
        is_alike = (
            each.place < asked.told.label_end
            and len(each.text) in lengths
            and each.word not in OTHER_WORDS
            and each.word != "REF"
        )
        if is_free and not each.is_derived and (is_called or is_alike):
            return each.text
    return ""


def is_year(asked: Asked, each: Quoted) -> bool:
    """Whether these digits may be but the year."""
    return len(each.text) == 4 and each.text.isdigit() and abs(int(each.text) - asked.credit.booked.year) <= 1

"""The interbank operation codes of CFONB 120 (positions 33 and 34) that say of what kind a movement is.

Source: the list of 2004 as accounting software ships it; two figures each. Confidence: high for the codes below, which
sources agree on. The codes of SEPA operations, a letter and a figure (A1, B1…), are used by each bank in its own way: they
are left to the words of the label. So are bills of exchange, dealings in securities and in foreign money.
"""

from exigible.formats.bank import MovementKind

CODES: dict[MovementKind, str] = {
    "transfer": "05 06 13 14 18 19 20 21 44 45",
    "direct_debit": "08 09 22 23 24 25",
    "return": "03 10 12 26 27 33",
    "cheque": "01 02 15 16 17",
    "card": "11 28 30",
    "cash": "04 29",
    "fee": "61 62 64 65 66 67 70 88",
}
KINDS: dict[str, MovementKind] = {code: kind for kind, codes in CODES.items() for code in codes.split()}

"""The sheets that the Typst templates draw: each template's data turned into written text, lines and tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from exigible.books.documents.tables import (
    ageing_table,
    amount_table,
    claim_table,
    invoice_table,
    segment_table,
)
from exigible.books.documents.typography import Hand, breakable, in_fours
from exigible.books.documents.words import WORDS

Data = Mapping[str, Any]
Sheet = dict[str, Any]

_HEADER_LENGTH = 60
_ENCLOSURES_BESIDE_SIGNATURE = 6


def letter_sheet(data: Data, hand: Hand) -> Sheet:
    """The sheet of `LetterData`."""
    word = WORDS[hand.language]
    sheet = _frame(data, hand, data["subject"])
    sheet["table"] = invoice_table(hand, data["invoices"], data.get("totals") or []) if data["invoices"] else None
    entries = data.get("annex") or []
    sheet["annex"] = [
        {
            "title": breakable(word["interest_of"].format(number=entry["number"]), 40),
            "table": segment_table(hand, entry["segments"], entry["interest_minor"]),
        }
        for entry in entries
    ]
    sheet["annex_total"] = hand.money(sum(entry["interest_minor"] for entry in entries)) if len(entries) > 1 else None
    return sheet


def statement_sheet(data: Data, hand: Hand) -> Sheet:
    """The sheet of `StatementData`."""
    word = WORDS[hand.language]
    day = hand.long_date(data["as_of"])
    sheet = _frame(data, hand, data.get("subject") or word["statement"].format(date=day))
    texts = [("date", "date", "left"), ("document", "number", "left"), ("label", "label", "grow")]
    sections: list[tuple[str, Callable[[Any], Any]]] = [
        ("invoices", lambda lines: invoice_table(hand, lines, data.get("totals") or [])),
        (
            "credits",
            lambda lines: amount_table(hand, lines, texts, [("amount", "total_minor"), ("available", "open_minor")]),
        ),
        (
            "payments",
            lambda lines: amount_table(
                hand, lines, [texts[0], texts[2]], [("amount", "amount_minor"), ("unallocated", "unallocated_minor")]
            ),
        ),
        ("ageing", lambda lines: ageing_table(hand, lines)),
    ]
    sheet["sections"] = [{"title": word[key], "table": draw(data[key])} for key, draw in sections if data.get(key)]
    sheet["balance"] = [word["balance"].format(date=day), hand.money(data["balance_minor"])]
    return sheet


def derivation_sheet(data: Data, hand: Hand) -> Sheet:
    """The sheet of `DerivationData`."""
    word = WORDS[hand.language]
    invoice = data["invoice"]
    sheet = _frame(data, hand, data.get("subject") or word["derivation"].format(number=invoice["number"]))
    texts = [("invoice", "number", "grow"), ("issued", "issued", "left"), ("due", "due", "left")]
    sheet["sections"] = [
        {"title": word["principal"], "table": amount_table(hand, [invoice], texts, [("total", "total_minor")])}
    ]
    if payments := data.get("payments"):
        spread = [(key, f"to_{key}_minor") for key in ("interest", "indemnity", "principal")]
        table = amount_table(
            hand,
            payments,
            [("date", "date", "left"), ("label", "label", "grow")],
            [("amount", "amount_minor"), *spread],
        )
        sheet["sections"].append({"title": word["received"], "table": table})
    if segments := data.get("segments"):
        table = segment_table(hand, segments, data["interest_minor"], data.get("interest"))
        sheet["sections"].append({"title": word["periods"], "table": table, "note": sheet["words"]["method"]})
    sheet["sections"].append({"title": word["claimed"], "table": claim_table(hand, data["totals"])})
    sheet["notes"] = _lines(data.get("notes"), 80)
    return sheet


def _frame(data: Data, hand: Hand, subject: str) -> Sheet:
    """What every paper has, from the sender at the top to the enclosures."""
    word = WORDS[hand.language]
    creditor = data["creditor"]
    day = hand.long_date(data["date"])
    where_and_when = word["place_and_date"] if data.get("place") else word["date_alone"]
    return {
        "language": hand.language,
        "title": subject,
        "author": creditor["name"],
        "sender": [breakable(creditor["name"], 26), _sender(creditor, word)],
        "legal": breakable(creditor["legal"], 60),
        "header": [_shortened(creditor["name"]), day],
        "recipient": _recipient(data["recipient"]),
        "references": [[breakable(label, 14), breakable(value, 20)] for label, value in data.get("references") or []],
        "where_and_when": where_and_when.format(place=data.get("place"), date=day),
        "subject": hand.labelled(word["subject"], breakable(subject, 60)),
        "paragraphs": _lines(data.get("paragraphs"), 80),
        "after": _lines(data.get("after"), 80),
        "payment": _payment(data.get("payment"), word),
        "signature": _signature(data.get("signature"), hand),
        "enclosures": _lines(data.get("enclosures"), 36),
        "enclosures_beside": 0 < len(data.get("enclosures") or []) <= _ENCLOSURES_BESIDE_SIGNATURE,
        "words": word
        | {
            "enclosures": hand.labelled(word["enclosures"]),
            "method": word["method"].format(divisor=data.get("divisor") or 365),
        },
    }


def _lines(values: Sequence[str] | None, limit: int) -> list[str]:
    return [breakable(value, limit) for value in values or []]


def _sender(creditor: Data, word: Mapping[str, str]) -> list[str]:
    lines = list(creditor["address"])
    if creditor.get("phone"):
        lines.append(word["telephone"].format(phone=creditor["phone"]))
    if creditor.get("email"):
        lines.append(creditor["email"])
    return _lines(lines, 36)


def _shortened(name: str) -> str:
    return breakable(name if len(name) <= _HEADER_LENGTH else name[:_HEADER_LENGTH] + "…", 30)


def _recipient(lines: Sequence[str]) -> dict[str, Any]:
    """The lines, and the size in points at which they hold inside the window of 80 by 40 mm."""
    size = 10.5 if _rows(lines, 38) <= 7 else 9 if _rows(lines, 44) <= 9 else 7.5
    return {"lines": _lines(lines, 30), "size": size}


def _rows(lines: Sequence[str], length: int) -> int:
    return sum(max(1, -(-len(line) // length)) for line in lines)


def _payment(payment: Data | None, word: Mapping[str, str]) -> Sheet | None:
    if not payment:
        return None
    rows = [[word["holder"], breakable(payment["holder"], 40)], ["IBAN", in_fours(payment["iban"])]]
    if payment.get("bic"):
        rows.append(["BIC", payment["bic"]])
    return {"rows": rows, "reference": [word["reference"], breakable(payment["reference"], 40)]}


def _signature(signature: Data | None, hand: Hand) -> Sheet | None:
    if not signature:
        return None
    lines = [signature["role"]] if signature.get("role") else []
    if signature.get("phone"):
        lines.append(hand.labelled(WORDS[hand.language]["direct"], signature["phone"]))
    return {"name": breakable(signature["name"], 30), "lines": _lines(lines, 30)}

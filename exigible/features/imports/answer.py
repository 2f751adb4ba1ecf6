"""What an import gave, in the words of the command line's contract: the same for the terminal and for the REST API."""

from typing import Any

from exigible.core.money import decimal_string

Told = dict[str, Any]
COUNTED = ("customers", "invoices", "payments")


def refused(name: str, refusal: Told) -> Told:
    """A file of which nothing was posted."""
    nothing = dict.fromkeys(COUNTED, 0)
    control = {"currency": None, "file_balance": None, "book_balance": None, "difference": None}
    return {
        "file": name, "created": nothing, "updated": nothing, "removed": nothing, "unchanged": 0, "rejected": [],
        "rejected_count": 0, "refused": [_sentence(refusal, name)], "warnings": [], "recognised": [], "control": control,
    }  # fmt: skip


def file_answer(name: str, report: Told) -> Told:
    """One file's report in the words of the command line's contract."""
    control, currency = report["control"], report["control"]["currency"]

    def amount(minor: int) -> str:
        return decimal_string(minor, currency)

    differing = [
        {
            "customer": each["name"], "reference": each["reference"], "file_balance": amount(each["file"]),
            "book_balance": amount(each["book"]),
            "missing": [{**line, "amount": amount(line["amount"])} for line in each["missing"]],
            "extra": [{**item, "amount": amount(item["amount"])} for item in each["extra"]],
        }
        for each in control["differences"]
    ]  # fmt: skip
    kept = {name: number for name, number in report.get("kept", {}).items() if name != "template"}
    return {
        "file": name,
        **({"kept": kept} if kept else {}),
        **{part: {key: report[part][key] for key in COUNTED} for part in ("created", "updated", "removed")},
        "unchanged": report["unchanged"],
        "rejected": [_sentence(error, name) for error in report["rejected"]],
        "rejected_count": report["rejected_count"],
        "refused": [],
        "warnings": [error["reason"] for error in report["warnings"]],
        "recognised": report["recognised"],
        "control": {
            "currency": currency,
            "file_balance": amount(control["file"]),
            "book_balance": amount(control["book"]),
            "difference": amount(control["difference"]),
            "accounts": {account: amount(pair[0]) for account, pair in control["accounts"].items()},
            "by_hand": amount(control["elsewhere"]),
            "customers": differing,
        },
    }


def _sentence(error: Told, name: str) -> Told:
    return {"file": name, "line": error["line"], "field": error["field"], "reason": error["reason"]}

"""The movements of one entry of a CAMT statement: the entry itself, or each payment of a batch."""

from collections.abc import Iterable
from datetime import date

from exigible.formats.bank import Movement, MovementKind
from exigible.formats.bank_text import (
    account_of,
    amount_of,
    bounded,
    creditor_reference,
    kind_of_label,
    plain_iban,
    said,
)
from exigible.formats.bank_words import name_within, references_within
from exigible.formats.cfonb120_codes import KINDS
from exigible.formats.days import day
from exigible.formats.xml_tree import Node, attribute, child, children, local, text

# ISO 20022 external codes of the family of a bank transaction (domain PMNT), and of what returns or costs.
FAMILIES: dict[str, MovementKind] = {
    "RCDT": "transfer", "ICDT": "transfer", "RRCT": "transfer", "IRCT": "transfer", "RDDT": "direct_debit",
    "IDDT": "direct_debit", "RCHQ": "cheque", "ICHQ": "cheque", "CCRD": "card", "MCRD": "card", "CNTR": "cash",
}  # fmt: skip
RETURNS = frozenset({"UPDD", "UPCQ", "PRDD", "RRTN", "RPCR", "PCQR", "CQRV", "UPCT", "ARET"})
FEES = frozenset({"CHRG", "FEES", "COMM", "COME", "COMI", "COMT"})


class Unsound(ValueError):
    """An entry that cannot be read: the code of the sentence, the field and what stands there."""

    def __init__(self, code: str, field: str, value: str) -> None:
        super().__init__(code)
        self.code, self.field, self.value = code, field, value


def sign_of(node: Node) -> int:
    """1 for money in, -1 for money out: CdtDbtInd alone says so, also of a reversal. Unsound when it says neither."""
    found = text(node, "CdtDbtInd")
    if found not in ("CRDT", "DBIT"):
        raise Unsound("bank.sign", "CdtDbtInd", found)
    return 1 if found == "CRDT" else -1


def day_within(node: Node | None, *names: str) -> date | None:
    """The day under one of these names, which may carry a time; None when there is none that can be read."""
    for name in names:
        found = text(node, name)
        try:
            return day(found[:10], "YMD")
        except ValueError:
            continue
    return None


def movements_of(entry: Node, currency: str, account: str) -> tuple[list[Movement], bool]:
    """One movement for each payment of the entry; False when they do not add up, and the entry is one movement.

    Unsound when the entry has no sign, amount or day, or is in another currency than its account.
    """
    amount = _amount(child(entry, "Amt"), currency) * sign_of(entry)
    booked = day_within(child(entry, "BookgDt"), "Dt", "DtTm") or day_within(child(entry, "ValDt"), "Dt", "DtTm")
    if booked is None:
        raise Unsound("bank.day", "BookgDt", text(entry, "BookgDt", "Dt") or text(entry, "BookgDt", "DtTm"))
    base = Movement(
        entry.sourceline or 0, booked, amount, currency, value=day_within(child(entry, "ValDt"), "Dt", "DtTm"),
        bank_id=said(text(entry, "AcctSvcrRef")),
    )  # fmt: skip
    details = [*children(entry, "NtryDtls", "TxDtls")]
    if len(details) > 1:
        amounts = [_amount_of_detail(each, entry, currency) for each in details]
        if None not in amounts and sum(filter(None, amounts)) == amount:
            return _batch(base, entry, details, [each or 0 for each in amounts], account), True
        return [_told(base, entry, details, account)], False
    return [_told(base, entry, details, account)], True


def _amount(node: Node | None, currency: str) -> int:
    found = attribute(node, "Ccy")
    if found != currency:
        raise Unsound("bank.currency", "Ccy", found)
    try:
        value = amount_of(text(node), currency)
    except ValueError:
        raise Unsound("bank.amount", "Amt", text(node)) from None
    if value < 0:
        raise Unsound("bank.amount", "Amt", text(node))
    return value


def _amount_of_detail(detail: Node, entry: Node, currency: str) -> int | None:
    """The signed amount of one payment of a batch in the account's currency, or None where it is not said."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        found = child(detail, *path)
        if found is not None and attribute(found, "Ccy") == currency:
            try:
                return _amount(found, currency) * sign_of(detail if text(detail, "CdtDbtInd") else entry)
            except Unsound:
                return None
    return None


def _batch(base: Movement, entry: Node, details: list[Node], amounts: list[int], account: str) -> list[Movement]:
    """The payments of a batch: the bank's own reference of each, else the entry's with its place."""
    own = [said(text(each, "Refs", "AcctSvcrRef")) for each in details]
    told = []
    for place, (detail, amount) in enumerate(zip(details, amounts, strict=True), 1):
        movement = _told(base._replace(amount_minor=amount), entry, [detail], account)
        is_own = bool(own[place - 1]) and own.count(own[place - 1]) == 1
        bank_id = own[place - 1] if is_own else f"{base.bank_id[:70]}/{place}" if base.bank_id else ""
        told.append(movement._replace(line=detail.sourceline or base.line, bank_id=bank_id))
    return told


def _told(base: Movement, entry: Node, details: list[Node], account: str) -> Movement:
    """The movement with what its payments say: one payment, or all of a batch that is not taken apart."""
    label = _label(entry, details)
    returned = [child(each, "RtrInf") for each in details if child(each, "RtrInf") is not None]
    is_return = text(entry, "RvslInd") in ("true", "1") or bool(returned)
    code, kind = _code(entry, details)
    name, payer = _counterparty(details, base.amount_minor > 0, is_return, account) if len(details) == 1 else ("", "")
    name = name or (name_within(label, base.amount_minor > 0) if len(details) < 2 else "")
    ends = [said(text(each, "Refs", "EndToEndId")) for each in details]
    structured = _all(details, ("RmtInf", "Strd", "CdtrRefInf", "Ref"))
    single = details[0] if len(details) == 1 else None
    return bounded(
        base._replace(
            label=label, references=(*ends, *structured, *_documents(details), *_all(details, ("Refs", "MndtId")),
                                     *_all(details, ("Refs", "ChqNb")), *references_within(label)),
            structured=creditor_reference(*structured, label), payer_name=name, payer_account=payer,
            end_to_end=ends[0] if len(ends) == 1 else "",
            bank_id=base.bank_id or said(text(single, "Refs", "AcctSvcrRef")), code=code,
            kind="return" if is_return else kind if kind != "other" else kind_of_label(label),
            reason=_reason(returned),
        )
    )  # fmt: skip


def _all(details: Iterable[Node], path: tuple[str, ...]) -> list[str]:
    return [said(text(found)) for each in details for found in children(each, *path)]


def _documents(details: Iterable[Node]) -> list[str]:
    """The numbers of the invoices that a payer names in the structured part."""
    return _all(details, ("RmtInf", "Strd", "RfrdDocInf", "Nb"))


def _label(entry: Node, details: list[Node]) -> str:
    """All free text once: the payer's message, what the bank adds to the payment, and to the entry."""
    found = []
    for each in details:
        found += [text(line) for line in children(each, "RmtInf", "Ustrd")]
        found += [text(line) for line in children(each, "RmtInf", "Strd", "AddtlRmtInf")]
        found += [text(each, "AddtlTxInf"), _name(child(each, "RltdPties", "UltmtDbtr"))]
    found.append(text(entry, "AddtlNtryInf"))
    return " ".join(dict.fromkeys(each for each in found if each))


def _name(party: Node | None) -> str:
    """A party's name; from version 8 on it stands one step deeper."""
    return text(party, "Nm") or text(party, "Pty", "Nm")


def _counterparty(details: list[Node], is_in: bool, is_return: bool, account: str) -> tuple[str, str]:
    """Who stands on the other side: the debtor of money in and of what comes back, the creditor of money out.

    Banks differ on the roles in a return: whoever has the account of the statement is not the other side.
    """
    parties = child(details[0], "RltdPties")
    roles = ("Dbtr", "Cdtr") if is_in or is_return else ("Cdtr", "Dbtr")
    for role in roles:
        number = text(parties, f"{role}Acct", "Id", "IBAN") or text(parties, f"{role}Acct", "Id", "Othr", "Id")
        found = plain_iban(number) or account_of(number)
        name = _name(child(parties, role))
        if (name or found) and (not found or found != account):
            return name, found
    return _name(child(parties, "UltmtDbtr")), ""


def _code(entry: Node, details: list[Node]) -> tuple[str, MovementKind]:
    """The bank's code of the transaction, the payment's own before the entry's, and the kind that it says."""
    holders = [*details[:1], entry] if len(details) == 1 else [entry]
    first = ""
    for each in holders:
        parts = [text(each, "BkTxCd", "Domn", *path) for path in (("Cd",), ("Fmly", "Cd"), ("Fmly", "SubFmlyCd"))]
        own = text(each, "BkTxCd", "Prtry", "Cd")
        code = "-".join(filter(None, parts)) or own
        first = first or code
        if parts[2] in RETURNS:
            return code, "return"
        if parts[2] in FEES:
            return code, "fee"
        is_french = "CFONB" in text(each, "BkTxCd", "Prtry", "Issr").upper()
        kind = FAMILIES.get(parts[1]) or (KINDS.get(own[:2]) if is_french else None)
        if kind:
            return code, kind
    return first, "other"


def _reason(returned: list[Node]) -> str:
    """Why the bank gave a payment back: the ISO code and the bank's words."""
    found = [text(each, "Rsn", name) for each in returned for name in ("Cd", "Prtry")]
    found += [text(line) for each in returned for line in each if local(line) == "AddtlInf"]
    return " ".join(dict.fromkeys(filter(None, found)))

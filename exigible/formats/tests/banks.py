"""Bank files written for tests: an invented account of Atelier Lumen, in the formats that banks give."""

from typing import Any

LUMEN_ACCOUNT = "FR0399999000010000123456X68"
DURAND_ACCOUNT = "FR7699999000020000065432129"
CREDIT, DEBIT = "{ABCDEFGHI", "}JKLMNOPQR"


def cfonb_amount(minor: int) -> str:
    """An amount of 14 characters, its last figure over-punched."""
    return f"{abs(minor) // 10:013d}{(DEBIT if minor < 0 else CREDIT)[abs(minor) % 10]}"


def cfonb(record: str, day: str, *, minor: int = 0, text: str = "", **changes: Any) -> str:
    """One record of 120 characters of the invented account; `text` stands where the record has its words."""
    told = {
        "code": "",
        "reason": "",
        "value": day,
        "reference": "",
        "currency": "EUR",
        "account": "0000123456X",
    } | changes
    head = f"{record}99999    00001{told['currency']:3}2 {told['account']:11}{told['code']:2}{day}"
    if record == "05":
        return f"{head}     {text:73.73}  "
    if record != "04":
        return f"{head}{'':50}{cfonb_amount(minor)}{'':16}"
    return (
        f"{head}{told['reason']:2}{told['value']:6}{text:31.31}  00000000 {cfonb_amount(minor)}{told['reference']:16}"
    )


def statement(*middle: str, opening: int = 100000, closing: int = 100000) -> bytes:
    """A CFONB statement of October 2026 with these records between its balances."""
    lines = [cfonb("01", "300926", minor=opening), *middle, cfonb("07", "311026", minor=closing)]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def camt(
    entries: str, *, kind: str = "053", version: str = "08", opening: str = "1000.00", closing: str = "1000.00"
) -> bytes:
    """A CAMT message around these entries; a notification has no balances."""
    message, node = ("BkToCstmrStmt", "Stmt") if kind == "053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, amount, day in (("OPBD", opening, "2026-09-30"), ("CLBD", closing, "2026-10-31"))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}">'
        f"<{message}><GrpHdr><MsgId>1</MsgId></GrpHdr><{node}><Id>2026-10</Id><Acct><Id><IBAN>{LUMEN_ACCOUNT}</IBAN></Id>"
        f"<Ccy>EUR</Ccy></Acct>{balances if kind == '053' else ''}{entries}</{node}></{message}></Document>"
    ).encode()


def entry(amount: str, details: str = "", **changes: str) -> str:
    """One entry of a CAMT message; `details` are its TxDtls."""
    told = {"side": "CRDT", "status": "BOOK", "day": "2026-10-02", "reference": "", "more": ""} | changes
    reference = told["reference"] and f"<AcctSvcrRef>{told['reference']}</AcctSvcrRef>"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{told["side"]}</CdtDbtInd>{told["more"]}<Sts><Cd>{told["status"]}</Cd></Sts>'
        f"<BookgDt><Dt>{told['day']}</Dt></BookgDt>{reference}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def payment(amount: str, **changes: str) -> str:
    """One payment within an entry, by Durand; version 8 has the name one step deeper."""
    told = {"end": "NOTPROVIDED", "said": "", "structured": "", "name": "DURAND ET FILS", "more": ""} | changes
    said = told["said"] and f"<Ustrd>{told['said']}</Ustrd>"
    strd = told["structured"] and f"<Strd><CdtrRefInf><Ref>{told['structured']}</Ref></CdtrRefInf></Strd>"
    return (
        f'<TxDtls><Refs><EndToEndId>{told["end"]}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><RltdPties><Dbtr><Pty>'
        f"<Nm>{told['name']}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>{DURAND_ACCOUNT}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{said}{strd}</RmtInf>{told['more']}</TxDtls>"
    )

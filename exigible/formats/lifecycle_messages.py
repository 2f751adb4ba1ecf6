"""Reads the life-cycle message of an electronic invoice (UN/CEFACT CDAR, D22B), one or an archive of them.

The status is the condition code of the document referred to, its instant that of the acknowledgement.
"""

from collections.abc import Iterator

from exigible.formats.amounts import minor
from exigible.formats.archive import is_archive, members
from exigible.formats.einvoice import Unreadable
from exigible.formats.lifecycle import code_of, status_of
from exigible.formats.rows import Reading, RowError, StatusRow
from exigible.formats.sentences import refused, row_error
from exigible.formats.xml_tree import Node, attribute, child, children, local, text, tree_of

ROOT = "CrossDomainAcknowledgementAndResponse"
SIREN_SCHEME = "0002"
CASHED = "MEN"  # the characteristic that gives the amount received
MOST_REASONS = 300


def read_messages(data: bytes, name: str = "") -> Reading:
    """The statuses of a message, or of an archive of them; a file that cannot be read is named and left out."""
    reading = Reading("cdar")
    if not is_archive(data):
        _take(reading, data, name, 0)
        if reading.errors and not reading.statuses:
            return refused("cdar", reading.errors[0])
        return reading
    try:
        for place, member in enumerate(members(data), 1):
            if member.error is not None:
                reading.errors.append(member.error._replace(line=place))
            else:
                _take(reading, member.body, member.name, place)
    except Unreadable as fault:
        return refused("cdar", row_error(fault.code, None, "file", file=name or "The archive", **fault.params))
    if not reading.statuses:
        return refused("cdar", reading.errors[0] if reading.errors else row_error("status.none"))
    return reading


def _take(reading: Reading, body: bytes, name: str, place: int) -> None:
    try:
        root = tree_of(body)
        if local(root) != ROOT:
            raise Unreadable("status.message")
        for found in _statuses(root, place):
            if isinstance(found, RowError):
                reading.errors.append(found)
            else:
                reading.statuses.append(found)
    except Unreadable as fault:
        told = row_error(fault.code, place or None, "file", file=name or "The file", **fault.params)
        reading.errors.append(told)


def _statuses(root: Node, place: int) -> Iterator[StatusRow | RowError]:
    platform = child(root, "ExchangedDocument", "SenderTradeParty")
    sent = text(root, "ExchangedDocument", "IssueDateTime", "DateTimeString")
    for answer in children(root, "AcknowledgementDocument"):
        at = text(answer, "IssueDateTime", "DateTimeString") or sent
        for line, told in enumerate(children(answer, "ReferenceReferencedDocument"), 1):
            yield _status(told, at, text(platform, "Name") or text(platform, "GlobalID"), (line, place))


def _status(told: Node, at: str, platform: str, where: tuple[int, int]) -> StatusRow | RowError:
    line, place = where
    code = text(told, "ProcessConditionCode")
    if code_of(code) is None:
        return row_error("status.code", place or line, "status", value=code[:40])
    reasons = list(children(told, "SpecifiedDocumentStatus"))
    words = [text(each, "Reason") or text(each, "IncludedNote", "Content") for each in reasons]
    issued = text(told, "FormattedIssueDateTime", "DateTimeString")
    found = status_of(
        {
            "number": text(told, "IssuerAssignedID"), "status": code, "at": at,
            "reason": "; ".join(each for each in words if each)[:MOST_REASONS],
            "reason_code": next((each for one in reasons if (each := text(one, "ReasonCode"))), ""),
            "platform": platform, "issued": issued, "siren": _siren(child(told, "RecipientTradeParty")),
            "seller": _siren(child(told, "IssuerTradeParty")),
        },
        place or line,
    )  # fmt: skip
    if isinstance(found, RowError):
        return found
    amount, currency = _cashed(reasons)
    return found._replace(amount_minor=amount, currency=currency, place=place)


def _siren(party: Node | None) -> str:
    ids = [each for each in children(party, "GlobalID|ID") if attribute(each, "schemeID") == SIREN_SCHEME]
    return text(ids[0])[:9] if ids else ""


def _cashed(reasons: list[Node]) -> tuple[int | None, str]:
    """What was received in all, in minor units, with its currency; rates of tax share it out, and are added up."""
    total, currency = None, ""
    for reason in reasons:
        for each in children(reason, "SpecifiedDocumentCharacteristic"):
            value = child(each, "ValueAmount")
            if text(each, "TypeCode") != CASHED or value is None:
                continue
            try:
                total = (total or 0) + minor(text(value), ".")
            except ValueError:
                continue
            currency = attribute(value, "currencyID")[:3].upper()
    return total, currency

"""What readers of registers return: companies as a register states them, and notices of the official bulletin."""

from datetime import date
from typing import Literal, NamedTuple

NoticeKind = Literal["opening", "extension", "conversion", "plan", "closure", "reversal", "strike_off", "other"]
Procedure = Literal["safeguard", "reorganisation", "liquidation", ""]


class YearRow(NamedTuple):
    """The turnover and the result of one year, in minor units of the euro; None where they are not published."""

    closed_on: date
    turnover_minor: int | None
    result_minor: int | None


class CompanyRow(NamedTuple):
    """A company as a register states it; empty where it says nothing.

    `is_active` is None where the source does not tell. `legal_form` is the register's code of four digits. Of directors only
    name and role are kept. `buyer` is the public buyer that the legal form makes it, if any.
    """

    siren: str
    name: str = ""
    siret: str = ""
    legal_form: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    activity: str = ""
    vat: str = ""
    is_active: bool | None = None
    created_on: date | None = None
    closed_on: date | None = None
    known_on: date | None = None
    is_public_body: bool = False
    buyer: str = ""
    is_sole_trader: bool = False
    directors: tuple[tuple[str, str], ...] = ()
    years: tuple[YearRow, ...] = ()
    line: int = 0


class NoticeRow(NamedTuple):
    """One notice of the official bulletin (BODACC); `siren` is empty where the notice names nobody by number.

    `number` is the bulletin's own and tells the same notice twice. `corrects` is that of the notice it rectifies or
    cancels (`correction`: rectified or cancelled). `opens` says that creditors must declare from its publication.
    """

    number: str
    siren: str
    name: str
    kind: NoticeKind
    procedure: Procedure = ""
    nature: str = ""
    published_on: date | None = None
    judged_on: date | None = None
    court: str = ""
    representative: str = ""
    text: str = ""
    postcode: str = ""
    city: str = ""
    department: str = ""
    correction: Literal["", "rectified", "cancelled"] = ""
    corrects: str = ""
    line: int = 0

    @property
    def is_insolvency(self) -> bool:
        """Whether the notice belongs to insolvency proceedings: accounts filed and the like do not."""
        return self.kind in ("opening", "extension", "conversion", "plan", "closure", "reversal")

    @property
    def opens(self) -> bool:
        """Whether creditors must declare their claims from its publication (C. com. art. L622-24)."""
        return self.kind in ("opening", "extension")

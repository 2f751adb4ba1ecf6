"""What handing a message over came to."""

from enum import Enum
from typing import NamedTuple


class Result(Enum):
    """Accepted; refused for good; refused for now; or not known, because the answer was lost."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNCERTAIN = "uncertain"


class Outcome(NamedTuple):
    """A result, what the other side said, and the address that it refused if it refused one."""

    result: Result
    receipt: str
    address: str = ""

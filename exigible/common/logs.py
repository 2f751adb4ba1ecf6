"""What a log may hold: when, where in the code and what kind of fault; never the words of a fault, which may quote a debtor."""

import logging
import traceback
from types import TracebackType
from typing import TypeAlias

Fault: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """Writes the frames of a fault and its type alone: a database quotes the row that it refuses, a reader the line it read.

    The screens show the words to the people of the creditor; a log goes to whoever keeps the machine.
    """

    def formatException(self, ei: Fault) -> str:  # noqa: N802 - the name is that of logging
        """Return the frames and the types of a fault and of those behind it, the first cause first."""
        chain: list[BaseException] = []
        fault: BaseException | None = ei[1]
        while fault is not None and fault not in chain:
            chain.append(fault)
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "\n".join(_told(fault) for fault in reversed(chain))


def _told(fault: BaseException) -> str:
    frames = "".join(traceback.format_tb(fault.__traceback__)).rstrip("\n")
    return f"{frames}\n{type(fault).__module__}.{type(fault).__qualname__}".lstrip("\n")

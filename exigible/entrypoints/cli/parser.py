"""What the commands share: a parser whose errors are one sentence, and readers of dates, amounts and rates."""

import argparse
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any, NoReturn

from exigible.core.money import AmountError, parse_decimal_string

Handler = Callable[[argparse.Namespace], int]


class UsageError(Exception):
    """The command was not written as it must be; the text is the sentence shown, and the exit status 2."""


class Parser(argparse.ArgumentParser):
    """argparse without its two-line usage: an error is one sentence; its options may wait in a module until asked for."""

    _waiting: tuple[str, str] | None = None

    def filled_by(self, module: str, function: str) -> None:
        """Let a function of a module add the options once this command is the one asked for."""
        self._waiting = module, function

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Add the options that wait, then read the words."""
        if self._waiting:
            (module, function), self._waiting = self._waiting, None
            getattr(import_module(module), function)(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing and leaving."""
        raise UsageError(f"{self.prog}: {message.rstrip('.')} (see {self.prog} --help).")


def day(text: str) -> date:
    """A date as 2026-05-31."""
    try:
        if len(text) != len("2026-05-31"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date: write it like 2026-05-31") from None


def cents(text: str) -> int:
    """A positive amount in euros as 1234.50, in cents."""
    try:
        minor = parse_decimal_string(text, "EUR")
    except AmountError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
    if minor <= 0:
        raise argparse.ArgumentTypeError(f"'{text}' must be above zero")
    return minor


def paid(text: str) -> tuple[date, int]:
    """A payment as 2026-03-31=4000.00."""
    on, equals, amount = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not a payment: write its day and amount, like 2026-03-31=400.00")
    return day(on), cents(amount)


def percent(text: str) -> Decimal:
    """A rate in percent a year as 12.40."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not 0 <= rate <= 1000 or rate != round(rate, 4) or "e" in text.lower():
        raise argparse.ArgumentTypeError(f"'{text}' is not a rate: write percent a year, like 12.40")
    return rate

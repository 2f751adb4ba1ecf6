"""A log never quotes a debtor, whatever a fault says."""

import io
import logging
import logging.config
from typing import Any

from django.conf import settings

from exigible.common.logs import WithoutWords


def logged(*words: str) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutWords("%(levelname)s %(message)s"))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        refuses(*words)
    except Exception:
        logger.exception("message %s could not be written", 7)
    return stream.getvalue()


def refuses(name: str, address: str) -> None:
    try:
        raise KeyError(name)
    except KeyError as fault:
        raise ValueError(f"duplicate key: {name}, {address}") from fault


def test_a_fault_is_logged_by_its_place_and_its_kind_alone() -> None:
    told = logged("Mme Éloïse Durand", "durand@nord.example")
    assert "Durand" not in told
    assert "durand" not in told
    assert "message 7 could not be written" in told
    assert "in refuses" in told
    assert told.index("builtins.KeyError") < told.index("builtins.ValueError")


def test_every_handler_of_the_product_writes_that_way() -> None:
    logs: dict[str, Any] = settings.LOGGING
    for name, handler in logs["handlers"].items():
        formatter = logs["formatters"][handler["formatter"]]
        assert formatter["class"] == "exigible.common.logs.WithoutWords", name

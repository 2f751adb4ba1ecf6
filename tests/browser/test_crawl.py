"""Every link followed in both languages: nothing dead, empty, broken or in the wrong language."""

import pytest

from exigible.daily import run_day
from exigible.entrypoints.cli.filling import fill_the_demonstration
from exigible.features.messages.compose import render_waiting
from exigible.testing import MONDAY, noon
from tests.browser.conftest import speaker
from tests.browser.crawl import Walk, data_of, walk

pytestmark = pytest.mark.browser


def test_a_house_that_uses_everything_reads_well_in_both_languages(seen: Walk) -> None:
    assert not seen.faults, seen.told()
    assert seen.visited > 250


def test_the_demonstration_reads_well_in_both_languages(address: str) -> None:
    creditor = fill_the_demonstration()
    run_day(creditor, MONDAY, noon(MONDAY))
    render_waiting(creditor, noon(MONDAY))
    readers = {code: speaker(creditor, code) for code in ("fr", "en")}
    seen = walk(readers, data_of(creditor))
    assert not seen.faults, seen.told()
    assert seen.visited > 250

"""Every form of a house sent, as it stands and filled in, what destroys last; it comes after what people do there."""

import pytest

from exigible.testing import House
from tests.browser.conftest import speaker
from tests.browser.crawl import data_of, send_all, signed_in, walk

pytestmark = pytest.mark.browser
ENOUGH_TO_FIND_FORMS = 6


def test_every_form_of_a_house_answers_as_it_stands_and_filled_in(workshop: House) -> None:
    person, data = speaker(workshop.creditor, "fr"), data_of(workshop.creditor)
    forms = list(walk({"fr": person}, data, ENOUGH_TO_FIND_FORMS).forms.values())
    assert len(forms) > 20, [form.action for form in forms]
    found, sent = send_all(forms, signed_in(person), data)
    assert len(sent) > 40
    assert not found.faults, found.told()

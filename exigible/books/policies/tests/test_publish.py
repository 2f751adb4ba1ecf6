"""What forbids publishing a policy is said in the language of whoever publishes it."""

import pytest
from django.utils import translation

from exigible.books.policies.operations import PRESET_NAMES, faults, read_preset

Tracks = dict[str, list[dict[str, object]]]


def tracks(preset: str = "standard") -> Tracks:
    return {name: table["steps"] for name, table in read_preset(preset)["tracks"].items()}


@pytest.mark.parametrize("preset", PRESET_NAMES)
def test_a_preset_has_no_fault(preset: str) -> None:
    assert faults(tracks(preset)) == []


def test_each_fault_names_its_track_in_the_language_of_the_reader() -> None:
    spoiled = tracks()
    del spoiled["good"]
    spoiled["ordinary"] = [step for step in spoiled["ordinary"] if step["name"] in ("formal_notice", "handover")]
    spoiled["new"] = [*spoiled["new"], spoiled["new"][0]]
    with translation.override("fr"):
        assert faults(spoiled) == [
            "le parcours «\u00a0bons payeurs\u00a0» manque",
            "nouveaux clients\u00a0: une étape figure deux fois",
            "nouveaux clients\u00a0: les étapes ne suivent pas l’ordre de leurs jours",
            "payeurs ordinaires\u00a0: une mise en demeure ne peut pas précéder une relance",
        ]
    with translation.override("en"):
        assert faults(spoiled)[0] == "the track “good payers” is missing"

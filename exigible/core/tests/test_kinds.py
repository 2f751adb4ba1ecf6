"""The kind proposed for a debtor."""

import pytest
from stdnum import luhn

from exigible.core.kinds import Proposal, is_siren, propose_kind


@pytest.mark.parametrize(
    ("name", "kind", "buyer"),
    [
        ("Menuiserie Tilleul SARL", "business", ""),
        ("SAS LE COIN VERT", "business", ""),
        ("Les Trois Chênes S.A.R.L.", "business", ""),
        ("Ets Rivoire et fils", "business", ""),
        ("Holz und Lichthaus GmbH", "business", ""),
        ("M. Octave Pelissou EI", "business", ""),
        ("Mairie de Vire", "public_body", "local"),
        ("Commune d'Aubenas", "public_body", "local"),
        ("Département du Rhône", "public_body", "local"),
        ("CHU de Nantes", "public_body", "hospital"),
        ("Centre Hospitalier des Deux Vallées", "public_body", "hospital"),
        ("Préfecture de la Loire", "public_body", "state"),
        ("Université de Savoie", "public_body", "state"),
        ("Communauté de communes du Pilat", "public_body", "local"),
        ("MINISTERE DE LA CULTURE", "public_body", "state"),
        ("Lycée Ampère", "public_body", "local"),
        ("M. Octave Pélissourd", "consumer", ""),
        ("Mme Aline Petit", "consumer", ""),
        ("M et Mme Durand", "consumer", ""),
        ("Madame Odile Verne", "consumer", ""),
        ("Villa Mirandoline", "", ""),
        ("M Studio", "", ""),
        ("Sasha Lemoine", "", ""),
    ],
)
def test_a_name_alone_proposes_a_kind(name: str, kind: str, buyer: str) -> None:
    found = propose_kind(name)
    assert (found.kind, found.buyer) == (kind, buyer)


def test_a_legal_form_is_surer_than_a_public_word() -> None:
    assert propose_kind("Brasserie de la Mairie SARL") == Proposal("business", "", "legal_form")


def test_a_siren_of_the_public_sector_is_surer_than_the_name() -> None:
    assert propose_kind("Régie SA", siren=_siren("21000000")) == Proposal("public_body", "local", "siren")
    assert propose_kind("Blanchisserie", siren=_siren("26000000")).buyer == "hospital"
    assert propose_kind("Direction", siren=_siren("17000000")).buyer == "state"


def test_a_person_with_a_siren_is_a_business() -> None:
    assert propose_kind("M. Jean Petit", siren=_siren("00010001")).kind == "business"


def test_a_number_with_a_wrong_key_proves_nothing() -> None:
    assert not is_siren("123456789")
    assert propose_kind("Villa Mirandoline", siren="123456789") == Proposal()


def _siren(eight: str) -> str:
    return eight + luhn.calc_check_digit(eight)

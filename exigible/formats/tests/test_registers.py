"""Company registers and official notices: what their files say, under whichever names."""

import json
from datetime import date

import pytest

from exigible.formats import read
from exigible.formats.bodacc_nature import nature_of, representative_of
from exigible.formats.register_forms import form_words

SEARCH = {
    "results": [
        {
            "siren": "000200006", "nom_complet": "BOULANGERIE DURAND (DURAND)", "nom_raison_sociale": "BOULANGERIE DURAND",
            "siege": {
                "siret": "00020000600018", "numero_voie": "3", "type_voie": "RUE", "libelle_voie": "DES FORGES",
                "code_postal": "69003", "libelle_commune": "LYON", "complement_adresse": None,
            },
            "etat_administratif": "C", "date_fermeture": "2026-03-31", "nature_juridique": "5499", "activite_principale": "10.71C",
            "dirigeants": [
                {"nom": "DURAND", "prenoms": "LEA MARIE", "annee_de_naissance": "1980", "qualite": "Gérant"},
                {"nom": "DURAND (DURAND)", "prenoms": "LEA", "qualite": "Gérant"},
            ],
            "finances": {"2024": {"ca": 1234567, "resultat_net": -89}},
        },
        {"siren": "12", "nom_complet": "SANS NUMERO"},
    ],
    "total_results": 2,
}  # fmt: skip
JUDGMENT = {
    "famille": "Jugement d'ouverture", "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire",
    "date": "12 novembre 2026",
    "complementJugement": "Jugement prononçant l'ouverture d'une procédure de redressement judiciaire, date de cessation des "
    "paiements le 1 octobre 2026, désignant mandataire judiciaire Selarl Morin en la personne de Me Morin 4 quai Rambaud "
    "69002 Lyon. Les créances sont à déclarer, dans les deux mois de la présente publication, auprès du mandataire judiciaire.",
}  # fmt: skip


def notice(**fields: object) -> dict[str, object]:
    return {
        "id": "A202602201234", "publicationavis": "A", "familleavis": "collective", "typeavis": "annonce",
        "dateparution": "2026-11-18", "registre": ["000 200 006", "000200006"], "commercant": "Boulangerie Durand",
        "tribunal": "Tribunal de Commerce de Lyon", "cp": "69003", "jugement": json.dumps(JUDGMENT), **fields,
    }  # fmt: skip


def test_an_answer_of_the_register_gives_the_company_and_of_its_directors_only_name_and_role():
    reading = read(json.dumps(SEARCH).encode())
    (company,) = reading.companies
    assert reading.format == "register"
    assert (company.siren, company.name, company.is_active) == ("000200006", "BOULANGERIE DURAND", False)
    assert (company.address, company.postcode, company.city) == ("3 RUE DES FORGES", "69003", "LYON")
    assert company.closed_on == date(2026, 3, 31)
    assert company.directors == (("Lea DURAND", "Gérant"),)
    assert [(year.turnover_minor, year.result_minor) for year in company.years] == [(123456700, -8900)]
    assert [error.code for error in reading.errors] == ["register.siren"]


def test_the_columns_of_the_stock_files_are_the_same_facts():
    table = (
        "siren,etatAdministratifUniteLegale,denominationUniteLegale,categorieJuridiqueUniteLegale,nicSiegeUniteLegale\n"
        "000200006,A,BOULANGERIE DURAND,7210,00018\n"
    )
    (company,) = read(table.encode()).companies
    assert (company.siret, company.is_active) == ("00020000600018", True)
    assert (company.is_public_body, company.buyer, form_words(company.legal_form)) == (True, "local", "Commune")


@pytest.mark.parametrize("wrap", [lambda each: {"results": [each]}, lambda each: [each], lambda each: {"records": [{"fields": each}]}])  # fmt: skip
def test_a_notice_of_an_opening_gives_its_days_its_court_and_to_whom_one_declares(wrap):
    reading = read(json.dumps(wrap(notice())).encode())
    (found,) = reading.notices
    assert (reading.format, found.number, found.siren) == ("bodacc", "A202602201234", "000200006")
    assert (found.kind, found.procedure, found.opens) == ("opening", "reorganisation", True)
    assert (found.judged_on, found.published_on) == (date(2026, 11, 12), date(2026, 11, 18))
    assert found.representative == "Selarl Morin en la personne de Me Morin 4 quai Rambaud 69002 Lyon"


def test_a_rectified_notice_names_the_one_that_it_corrects():
    before = {"nomPublication": "BODACC A", "numeroParution": "20260220", "numeroAnnonce": 1234}
    (found,) = read(
        json.dumps([notice(id="A202602309", typeavis="rectificatif", parutionavisprecedent=before)]).encode()
    ).notices
    assert (found.correction, found.corrects) == ("rectified", "A202602201234")


def test_a_notice_that_names_nobody_by_number_keeps_the_name():
    (found,) = read(json.dumps([notice(registre=None)]).encode()).notices
    assert (found.siren, found.name, found.postcode) == ("", "Boulangerie Durand", "69003")


@pytest.mark.parametrize(
    ("wording", "kind", "procedure"),
    [
        ("jugement d'ouverture de liquidation judiciaire", "opening", "liquidation"),
        ("Jugement de conversion en liquidation judiciaire de la procédure de sauvegarde", "conversion", "liquidation"),
        ("jugement de clôture pour insuffisance d'actif", "closure", ""),
        ("jugement d'extension d'une procédure de redressement judiciaire", "extension", "reorganisation"),
        ("Jugement arrêtant le plan de sauvegarde", "plan", "safeguard"),
        ("Jugement prononçant la résolution du plan de redressement et la liquidation judiciaire", "opening", "liquidation"),
        ("Jugement de conversion en redressement judiciaire de la procédure de sauvegarde", "conversion", "reorganisation"),
        ("Dépôt de l'état des créances", "other", ""),
        ("Arrêt de la cour d'appel infirmant l'ouverture de la liquidation judiciaire", "reversal", "liquidation"),
    ],
)  # fmt: skip
def test_the_wording_of_a_judgment_says_what_it_is(wording, kind, procedure):
    assert nature_of(wording, "collective") == (kind, procedure)


def test_a_liquidator_is_named_with_the_address():
    told = "Jugement prononçant la liquidation judiciaire désignant liquidateur Me Petit 1 place Carnot 69002 Lyon, avec les pouvoirs conférés."
    assert representative_of(told) == "Me Petit 1 place Carnot 69002 Lyon"


@pytest.mark.parametrize("body", [b'{"siren": ', b'[{"familleavis": "collective"', b"[" * 9000 + b'"siren"'])
def test_a_file_that_was_cut_is_refused_with_one_sentence(body):
    assert read(body).refusal is not None

"""A message that stopped says in one sentence of the reader's language what happened and what to do, the server quoted."""

from datetime import date

import pytest

from exigible.features.messages.stopped import LOST, NO_SERVER, stopped_because
from exigible.features.messages.wording import because_sentence

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("state", "receipt", "attempts", "french"),
    [
        ("uncertain", "TimeoutError: timed out", 1, "Vérifier l'envoi : le 23 novembre 2026, le serveur n'a pas confirmé la remise, le message est peut-être parti (« TimeoutError: timed out »)."),
        ("uncertain", LOST, 1, "Vérifier l'envoi : le 23 novembre 2026, l'envoi a été interrompu, le message est peut-être parti."),
        ("failed", "451 4.7.1 try again later", 6, "Corriger et renvoyer : le 23 novembre 2026, le serveur n'a pas accepté le message, il a répondu « 451 4.7.1 try again later »."),
        ("failed", "TimeoutError: timed out", 6, "Vérifier le serveur d'envoi, puis renvoyer : le 23 novembre 2026, il n'a pas pu être joint (« TimeoutError: timed out »)."),
        ("failed", NO_SERVER, 6, "Régler le serveur d'envoi, puis renvoyer : aucun serveur d'envoi n'est enregistré."),
        ("failed", "", 0, "Corriger, puis faire écrire à nouveau : le message n'a pas pu être écrit."),
        ("bounced", "550 no such user", 1, "Corriger l'adresse a@b.example : le message du 23 novembre 2026 est revenu, avec la réponse « 550 no such user »."),
    ],
)  # fmt: skip
def test_what_stopped_a_message_is_a_sentence(state: str, receipt: str, attempts: int, french: str) -> None:
    told = stopped_because(state, receipt, attempts, ON, recipient="a@b.example")
    assert because_sentence(told, "fr").text.replace("\u00a0", " ") == french
    english = because_sentence(told, "en").text
    assert english != french
    assert receipt in (NO_SERVER, LOST) or receipt in english

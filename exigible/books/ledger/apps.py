"""Django's registration of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "exigible.books.ledger"
    label = "ledger"

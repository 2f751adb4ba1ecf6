"""The bank: statements in, movements matched to invoices."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    """The bank."""

    name = "exigible.features.bank"
    label = "bank"

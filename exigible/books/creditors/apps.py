"""Django's registration of the creditors."""

from django.apps import AppConfig


class CreditorsConfig(AppConfig):
    name = "exigible.books.creditors"
    label = "creditors"

"""Django's registration of the cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "exigible.books.cases"
    label = "cases"

"""Django's registration of the journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "exigible.books.journal"
    label = "journal"

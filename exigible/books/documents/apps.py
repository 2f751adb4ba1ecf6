"""Django's registration of the documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "exigible.books.documents"
    label = "documents"

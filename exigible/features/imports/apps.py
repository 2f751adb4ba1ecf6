"""Django's registration of the imports feature."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "exigible.features.imports"
    label = "imports"

"""Django's registration of the promises feature."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "exigible.features.promises"
    label = "promises"

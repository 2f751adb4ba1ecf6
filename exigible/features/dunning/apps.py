"""Django's registration of the dunning feature."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "exigible.features.dunning"
    label = "dunning"

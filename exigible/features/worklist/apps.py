"""Django's registration of the worklist feature."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "exigible.features.worklist"
    label = "worklist"

"""Django's registration of the outbox feature."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "exigible.features.outbox"
    label = "outbox"

"""The REST API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What programs call."""

    name = "exigible.entrypoints.api"
    label = "api"

"""Makes the REST API an app of its own, so that its sentences have their French."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What programs call."""

    name = "exigible.entrypoints.api"
    label = "api"

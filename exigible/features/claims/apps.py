"""Django's registration of the claims feature."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "exigible.features.claims"
    label = "claims"

"""The application of insolvency notices."""

from django.apps import AppConfig


class InsolvencyConfig(AppConfig):
    """Insolvency notices."""

    name = "exigible.features.insolvency"
    label = "insolvency"

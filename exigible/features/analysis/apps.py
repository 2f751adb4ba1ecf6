"""Django's registration of the claim analysis, for its texts, templates and styles; it has no models."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "exigible.features.analysis"
    label = "analysis"

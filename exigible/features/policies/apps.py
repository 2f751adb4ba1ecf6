"""Django's registration of the policy screens."""

from django.apps import AppConfig


class PolicyScreensConfig(AppConfig):
    name = "exigible.features.policies"
    label = "policy_screens"

"""Django's registration of the policies."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "exigible.books.policies"
    label = "policies"

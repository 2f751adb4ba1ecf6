"""Django's registration of the customers feature."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "exigible.features.customers"
    label = "customers"

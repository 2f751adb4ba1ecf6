"""What the e-invoicing platforms say of invoices."""

from django.apps import AppConfig


class StatusesConfig(AppConfig):
    """Life-cycle statuses."""

    name = "exigible.features.statuses"
    label = "statuses"

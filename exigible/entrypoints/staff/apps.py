"""Django's registration of the staff site: sign-in, menu, journal, settings of the house."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "exigible.entrypoints.staff"
    label = "staff"

"""Django's registration of the shared helpers, their templates and their style."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "exigible.common"
    label = "common"

    def ready(self) -> None:
        """Register the lookup `among`."""
        from exigible.common import among  # noqa: F401

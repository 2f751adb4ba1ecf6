"""Django's registration of the messages feature."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "exigible.features.messages"
    label = "exigible_messages"

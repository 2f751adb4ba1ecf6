"""Forbids changing or deleting an event, on both databases."""

from django.db import migrations

from exigible.books.journal.append_only import create_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]

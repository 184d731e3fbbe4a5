"""Parked operations are counted on the first page and found by code: an index of these few alone."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """`op_log` is made by hand, so its index is too."""

    dependencies = [("history", "0001_initial"), ("protocol", "0002_models")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX op_log_parked ON op_log (received_at) WHERE status = 'parked'", "DROP INDEX op_log_parked"
        )
    ]

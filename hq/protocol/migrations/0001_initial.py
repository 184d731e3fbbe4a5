"""Makes the protocol's tables. Their models are read-only views of them, so Django's own description makes no table."""

from __future__ import annotations

from importlib.resources import files

from django.db import migrations

TABLES = ("step", "feed", "scope_head", "op_seen", "op_conflict", "op_log", "op_directory", "device_stream")


class Migration(migrations.Migration):
    """The tables of the sync contract, section 5."""

    initial = True
    operations = [
        migrations.RunSQL(
            files("hq.protocol").joinpath("tables.sql").read_text(encoding="utf-8"),
            "; ".join(f"DROP TABLE {table}" for table in TABLES),
        )
    ]

"""Keys by which the operations about a person are found. Those that exist get theirs by the job `operations-keyed`."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("protocol", "0003_steps")]

    operations = [
        migrations.RunSQL(
            [
                statement
                for table in ("op_log", "op_conflict")
                for statement in (
                    f"ALTER TABLE {table} ADD COLUMN about bigint[]",
                    f"CREATE INDEX {table}_about ON {table} USING gin (about)",
                    f"CREATE INDEX {table}_keyless ON {table} (store_id) WHERE about IS NULL AND body IS NOT NULL",
                )
            ],
            [f"ALTER TABLE {table} DROP COLUMN about" for table in ("op_log", "op_conflict")],
        )
    ]

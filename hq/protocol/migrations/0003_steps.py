"""Steps in the order in which they were left, which of them were taken, and who sent an operation."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("protocol", "0002_models")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE step ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;"
            " DROP INDEX step_open; CREATE INDEX step_open ON step (n) WHERE done_at IS NULL;"
            " CREATE TABLE step_taken (store_id uuid NOT NULL, step_id uuid NOT NULL, PRIMARY KEY (store_id, step_id));"
            " CREATE INDEX op_seen_op ON op_seen (op_id)",
            "DROP INDEX op_seen_op; DROP TABLE step_taken;"
            " DROP INDEX step_open; CREATE INDEX step_open ON step (store_id) WHERE done_at IS NULL;"
            " ALTER TABLE step DROP COLUMN n",
        )
    ]

"""Since when, and until when, somebody was a manager of a store."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("staff_id", models.UUIDField()),
                ("store_id", models.UUIDField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "staff_term",
                "indexes": [models.Index(fields=["staff_id", "store_id"], name="staff_term_whose")],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO staff_term (staff_id, store_id, since) SELECT id, store_id, '2000-01-01' FROM staff "
            "WHERE role = 'manager' AND active",
            migrations.RunSQL.noop,
        ),
    ]

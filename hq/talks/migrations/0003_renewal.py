"""A fourth list of the morning: paid memberships that end."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("talks", "0002_reminder")]

    operations = [
        migrations.AlterField(
            "reminder",
            "list",
            models.CharField(
                choices=[
                    ("birthday", "birthday"),
                    ("refill", "refill"),
                    ("lapsed", "not here for long"),
                    ("renewal", "renewal"),
                ],
                max_length=12,
                verbose_name="list",
            ),
        ),
    ]

"""How far a store's members were looked at by new rules for levels."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_signed")]

    operations = [
        migrations.CreateModel(
            name="LevelRound",
            fields=[
                ("store_id", models.UUIDField(primary_key=True, serialize=False)),
                ("rules", models.CharField(default="", max_length=64)),
                ("wanted", models.CharField(default="", max_length=64)),
                ("after", models.UUIDField(null=True)),
            ],
            options={"db_table": "level_round"},
        ),
    ]

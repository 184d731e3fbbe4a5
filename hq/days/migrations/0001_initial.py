"""Closes of shops' days."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayClose",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("ver", models.IntegerField(default=0)),
                ("day", models.DateField(verbose_name="day")),
                ("guide_id", models.UUIDField(verbose_name="closed by")),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("figures", models.JSONField(verbose_name="figures")),
                ("waiting", models.JSONField(null=True, verbose_name="not at HQ then")),
                ("counted", models.JSONField(null=True, verbose_name="cash counted")),
            ],
            options={
                "verbose_name": "close of a day",
                "verbose_name_plural": "closes of days",
                "db_table": "day_close",
                "indexes": [models.Index(fields=["store_id", "day"], name="day_close_by_day")],
            },
        ),
    ]

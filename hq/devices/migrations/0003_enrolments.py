"""Which stores a tablet was enrolled in before, as it proved by the key that it had there."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0002_health")]

    operations = [
        migrations.CreateModel(
            name="PastEnrolment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id", "store_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("device_id", models.UUIDField()),
                ("store_id", models.UUIDField()),
                ("was_device_id", models.UUIDField()),
            ],
            options={
                "verbose_name": "earlier enrolment",
                "verbose_name_plural": "earlier enrolments",
                "db_table": "past_enrolment",
            },
        ),
    ]

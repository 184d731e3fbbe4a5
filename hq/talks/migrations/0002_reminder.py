"""Marks that guides set on rows of the morning lists."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("talks", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("ver", models.IntegerField(default=0)),
                ("member_id", models.UUIDField(verbose_name="member")),
                (
                    "list",
                    models.CharField(
                        choices=[("birthday", "birthday"), ("refill", "refill"), ("lapsed", "not here for long")],
                        max_length=12,
                        verbose_name="list",
                    ),
                ),
                ("cycle", models.CharField(max_length=120, verbose_name="cycle")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("snoozed", "put off"), ("done", "done")],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("until", models.DateField(null=True, verbose_name="until")),
                ("guide_id", models.UUIDField(null=True, verbose_name="handed to")),
                ("set_by", models.UUIDField(null=True, verbose_name="set by")),
                ("set_at", models.DateTimeField(null=True, verbose_name="set at")),
            ],
            options={
                "verbose_name": "mark on a list",
                "verbose_name_plural": "marks on lists",
                "db_table": "reminder",
                "indexes": [models.Index(fields=["store_id", "member_id"], name="reminder_by_member")],
            },
        ),
    ]

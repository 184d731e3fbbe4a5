"""Gift cards with numbers."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leases", "0004_coupons")]

    operations = [
        migrations.AddField(
            "instrument",
            "number",
            models.CharField(editable=False, max_length=16, null=True, unique=True, verbose_name="number"),
        ),
        migrations.AddField(
            "instrument",
            "face",
            models.BigIntegerField(db_default=0, default=0, editable=False, verbose_name="sold with"),
        ),
        migrations.AddField(
            "instrument", "sold_by", models.UUIDField(editable=False, null=True, verbose_name="sold with the order")
        ),
        migrations.AddField(
            "instrument",
            "active",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="has its value"),
        ),
        migrations.AddField(
            "instrument",
            "blocked",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="blocked"),
        ),
    ]

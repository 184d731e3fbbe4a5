"""Of which promotion a coupon is."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leases", "0003_owed")]

    operations = [
        migrations.AddField(
            "instrument",
            "promotion",
            models.UUIDField(blank=True, null=True, verbose_name="coupon of the promotion"),
        ),
    ]

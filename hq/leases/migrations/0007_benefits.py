"""What a coupon goes with, and whether it came back together with that."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leases", "0006_staff")]

    operations = [
        migrations.AddField(
            "instrument",
            "source_en",
            models.CharField(
                db_default="", default="", editable=False, max_length=120, verbose_name="goes with (English)"
            ),
        ),
        migrations.AddField(
            "instrument",
            "source_zh",
            models.CharField(
                db_default="", default="", editable=False, max_length=120, verbose_name="goes with (Chinese)"
            ),
        ),
        migrations.AddField(
            "instrument",
            "taken",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="came back"),
        ),
    ]

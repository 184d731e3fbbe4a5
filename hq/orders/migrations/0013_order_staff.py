"""Who bought at staff prices."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_order_cards")]

    operations = [
        migrations.AddField("order", "staff_id", models.UUIDField(null=True, verbose_name="bought at staff prices by")),
    ]

"""Gift cards that were sold with an order."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_order_fulfilment")]

    operations = [
        migrations.AddField("order", "cards", models.JSONField(null=True, verbose_name="gift cards sold with it")),
    ]

"""Later corrections of whose sale an order is."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_order_returns")]

    operations = [
        migrations.AddField(
            "order", "reshares", models.JSONField(null=True, verbose_name="corrections of the guides' shares")
        ),
    ]

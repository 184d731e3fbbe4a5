"""Where, when and to whom the goods of an order go, and how far they are."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_order_refunding")]

    operations = [
        migrations.AddField("order", "fulfilment", models.JSONField(null=True, verbose_name="where, when and to whom")),
    ]

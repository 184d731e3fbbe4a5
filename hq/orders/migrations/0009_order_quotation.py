"""The quotation that an order came of."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_order_payment_asked")]

    operations = [
        migrations.AddField("order", "quotation_id", models.UUIDField(null=True, verbose_name="quotation")),
    ]

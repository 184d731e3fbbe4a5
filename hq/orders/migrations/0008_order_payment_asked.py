"""The payment that a provider was asked for."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_order_reshares")]

    operations = [
        migrations.AddField(
            "order",
            "payment_asked",
            models.JSONField(null=True, verbose_name="asked for on the customer's phone"),
        ),
    ]

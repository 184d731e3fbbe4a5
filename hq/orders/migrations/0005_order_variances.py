"""What an order's variance comes from."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_order_priced_by")]

    operations = [
        migrations.AddField("order", "variances", models.JSONField(null=True, verbose_name="causes of the variance")),
    ]

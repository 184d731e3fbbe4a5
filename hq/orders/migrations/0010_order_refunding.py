"""Money that a provider was asked to give back, until it has said what became of it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_order_quotation")]

    operations = [
        migrations.AddField(
            "order", "refunding", models.JSONField(null=True, verbose_name="money asked back of a provider")
        ),
    ]

"""What came back of an order, who did what when, and what the order comes to since."""

from __future__ import annotations

from django.db import migrations, models

_COMES_TO = "UPDATE shop_order SET held = total WHERE state <> 'cancelled'"


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_order_variances")]

    operations = [
        migrations.AddField("order", "cancelled_by", models.UUIDField(null=True, verbose_name="cancelled by")),
        migrations.AddField("order", "returns", models.JSONField(null=True, verbose_name="returns")),
        migrations.AddField("order", "exchange_of", models.UUIDField(null=True, verbose_name="exchange of")),
        migrations.AddField("order", "held", models.BigIntegerField(default=0, verbose_name="comes to")),
        migrations.RunSQL(_COMES_TO, migrations.RunSQL.noop),
    ]

"""What of an order counts as spent, and which of its lines do not."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_order_copy")]

    operations = [
        migrations.AddField(
            "order", "uncounted", models.JSONField(null=True, verbose_name="lines that do not count as spent")
        ),
        migrations.AddField("order", "counts", models.BigIntegerField(default=0, verbose_name="counts as spent")),
        migrations.RunSQL("UPDATE shop_order SET counts = held", migrations.RunSQL.noop),
    ]

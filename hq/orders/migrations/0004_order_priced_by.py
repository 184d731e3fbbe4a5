"""What an order was priced by."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_order_of_member")]

    operations = [
        migrations.AddField("order", "priced_by", models.JSONField(null=True, verbose_name="priced by")),
    ]

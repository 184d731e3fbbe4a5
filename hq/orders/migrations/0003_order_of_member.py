"""A member's orders are found in whatever store they were placed."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_spends")]

    operations = [
        migrations.RemoveIndex("order", name="order_by_member"),
        migrations.AddIndex("order", models.Index(fields=["member_id", "store_id"], name="order_of_member")),
    ]

"""Orders of other stores, while goods of them may be taken back here."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_order_staff")]

    operations = [
        migrations.CreateModel(
            name="OrderCopy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store_id", "order_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("order_id", models.UUIDField(verbose_name="order")),
                ("ver", models.IntegerField(default=0)),
                ("until", models.DateTimeField(verbose_name="until")),
                ("record", models.TextField()),
            ],
            options={
                "verbose_name": "copy of an order",
                "verbose_name_plural": "copies of orders",
                "db_table": "order_copy",
                "indexes": [
                    models.Index(fields=["order_id"], name="order_copy_order"),
                    models.Index(fields=["until"], name="order_copy_until"),
                ],
            },
        )
    ]

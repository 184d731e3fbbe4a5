"""What other stores' orders ask of a store."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_order_counts")]

    operations = [
        migrations.CreateModel(
            name="Parcel",
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
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
                ("record", models.TextField()),
            ],
            options={
                "verbose_name": "parcel",
                "verbose_name_plural": "parcels",
                "db_table": "parcel",
                "indexes": [models.Index(fields=["store_id", "placed_at"], name="parcel_placed")],
            },
        )
    ]

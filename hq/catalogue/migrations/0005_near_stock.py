"""What shops nearby have of a product, on the row of a shop's own stock."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_gift_cards")]

    operations = [
        migrations.AddField("stock", "near", models.JSONField(null=True, verbose_name="in shops nearby")),
    ]

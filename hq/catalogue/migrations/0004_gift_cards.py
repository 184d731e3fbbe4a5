"""Products that are gift cards."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_product_pictures")]

    operations = [
        migrations.AddField(
            "product",
            "gift_card",
            models.BooleanField(
                db_default=False, default=False, verbose_name="is a gift card: its number is asked for"
            ),
        ),
    ]

"""How the customer wants the goods of a quotation."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotations", "0001_initial")]

    operations = [
        migrations.AddField(
            "quotation", "fulfilment", models.JSONField(null=True, verbose_name="how the goods reach the customer")
        ),
    ]

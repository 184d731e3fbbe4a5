"""What people may buy at staff prices."""

from __future__ import annotations

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_term")]

    operations = [
        migrations.AddField(
            "staff",
            "purchase_limit",
            models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="What they pay in a calendar month of the shop, in all; 0: they have no staff purchase card.",
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="may buy at staff prices, a month (minor units)",
            ),
        ),
        migrations.AddField(
            "staff",
            "purchase_until",
            models.DateField(
                blank=True, help_text="The last day; empty: no end.", null=True, verbose_name="staff purchase until"
            ),
        ),
        migrations.AddField(
            "staff",
            "purchase_alone",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Otherwise a colleague does it.",
                verbose_name="may ring up their own staff purchase",
            ),
        ),
    ]

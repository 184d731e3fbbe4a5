"""What colleagues may buy at staff prices, as a value that tablets lease."""

from __future__ import annotations

from django.db import migrations, models

_KINDS = [
    ("points", "points"),
    ("card", "gift card"),
    ("coupon", "coupon"),
    ("stock", "promised stock"),
    ("staff", "staff purchase"),
]


class Migration(migrations.Migration):
    dependencies = [("leases", "0005_cards")]

    operations = [
        migrations.AlterField(
            "instrument", "kind", models.CharField(choices=_KINDS, max_length=8, verbose_name="kind")
        ),
        migrations.AlterField(
            "instrument",
            "owner_id",
            models.UUIDField(blank=True, null=True, verbose_name="member, product or colleague"),
        ),
        migrations.AlterField(
            "lease",
            "instrument_kind",
            models.CharField(choices=_KINDS, default="", max_length=8, verbose_name="kind"),
        ),
    ]

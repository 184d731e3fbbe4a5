"""What HQ took back of an instrument though leases held it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leases", "0002_wallets")]

    operations = [
        migrations.AddField("instrument", "owed", models.BigIntegerField(db_default=0, default=0, verbose_name="owed")),
    ]

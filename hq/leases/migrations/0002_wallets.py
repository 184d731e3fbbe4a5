"""What members' instruments come to, as a wallet that travels; how an instrument shows in it; what was told of it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leases", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wallet",
            fields=[
                ("member_id", models.UUIDField(primary_key=True, serialize=False, verbose_name="member")),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("ver", models.IntegerField(default=0)),
                ("record", models.TextField()),
            ],
            options={
                "verbose_name": "wallet",
                "verbose_name_plural": "wallets",
                "db_table": "wallet",
            },
        ),
        migrations.AddField(
            model_name="instrument",
            name="digits",
            field=models.CharField(blank=True, default="", max_length=8, verbose_name="last digits of the card"),
        ),
        migrations.AddField(
            model_name="instrument",
            name="title_en",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="title (English)"),
        ),
        migrations.AddField(
            model_name="instrument",
            name="title_zh",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="title (Chinese)"),
        ),
        migrations.AddField(
            model_name="instrument",
            name="told",
            field=models.IntegerField(db_default=0, editable=False),
        ),
        migrations.AddField(
            model_name="instrument",
            name="until",
            field=models.DateField(blank=True, null=True, verbose_name="counts until"),
        ),
        migrations.AddField(
            model_name="lease",
            name="told",
            field=models.IntegerField(db_default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["owner_id"], name="instrument_of"),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(
                condition=models.Q(("told", models.F("ver")), _negated=True), fields=["id"], name="instrument_untold"
            ),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(
                condition=models.Q(("told", models.F("ver")), _negated=True), fields=["id"], name="lease_untold"
            ),
        ),
        migrations.AddIndex(
            model_name="wallet",
            index=models.Index(fields=["store_id"], name="wallet_store"),
        ),
    ]

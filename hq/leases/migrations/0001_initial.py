from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Instrument",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("ver", models.IntegerField(default=0, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("points", "points"),
                            ("card", "gift card"),
                            ("coupon", "coupon"),
                            ("stock", "promised stock"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("owner_id", models.UUIDField(blank=True, null=True, verbose_name="member or product")),
                ("balance", models.BigIntegerField(default=0, verbose_name="balance")),
                ("held", models.BigIntegerField(default=0, verbose_name="held by leases")),
            ],
            options={
                "verbose_name": "instrument",
                "verbose_name_plural": "instruments",
                "db_table": "instrument",
                "indexes": [models.Index(fields=["store_id", "owner_id"], name="instrument_owner")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("held__lte", models.F("balance"))), name="held_within")
                ],
            },
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("ver", models.IntegerField(default=0, editable=False)),
                ("scope", models.CharField(default="", max_length=12, verbose_name="scope")),
                (
                    "instrument_kind",
                    models.CharField(
                        choices=[
                            ("points", "points"),
                            ("card", "gift card"),
                            ("coupon", "coupon"),
                            ("stock", "promised stock"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("instrument_id", models.UUIDField(null=True, verbose_name="instrument")),
                ("amount", models.BigIntegerField(verbose_name="granted")),
                ("spent", models.BigIntegerField(default=0, verbose_name="spent")),
                ("returned", models.BigIntegerField(default=0, verbose_name="given back")),
                ("overspent", models.BigIntegerField(default=0, verbose_name="overspent")),
                ("granted_at", models.DateTimeField(null=True, verbose_name="granted at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="closed at")),
                ("settled", models.BooleanField(default=False, verbose_name="settled")),
            ],
            options={
                "verbose_name": "lease",
                "verbose_name_plural": "leases",
                "db_table": "lease",
                "indexes": [
                    models.Index(fields=["store_id", "instrument_id"], name="lease_instrument"),
                    models.Index(
                        condition=models.Q(("settled", False)),
                        fields=["store_id", "expires_at"],
                        name="lease_unsettled",
                    ),
                    models.Index(condition=models.Q(("overspent__gt", 0)), fields=["store_id"], name="lease_risk"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaseRequest",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("ver", models.IntegerField(default=0)),
                ("lease_id", models.UUIDField(null=True)),
                ("granted", models.BigIntegerField()),
                ("code", models.CharField(default="", max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "request for a lease",
                "verbose_name_plural": "requests for leases",
                "db_table": "lease_request",
                "indexes": [models.Index(fields=["at"], name="lease_request_age")],
            },
        ),
    ]

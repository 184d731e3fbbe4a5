"""Payments that HQ asks a provider for."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PaymentRequest",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("ver", models.IntegerField(default=0)),
                ("order_id", models.UUIDField(verbose_name="order")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("provider", models.CharField(max_length=20, verbose_name="provider")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("waiting", "waits for the customer"),
                            ("paid", "paid"),
                            ("failed", "failed"),
                            ("closed", "expired or given up"),
                        ],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("code", models.CharField(default="", max_length=1024)),
                ("provider_id", models.CharField(default="", max_length=120, verbose_name="the provider's number")),
                ("device_id", models.UUIDField(null=True, verbose_name="tablet")),
                ("guide_id", models.UUIDField(null=True, verbose_name="guide")),
                ("made_at", models.DateTimeField(verbose_name="asked at")),
                ("until", models.DateTimeField(verbose_name="expires at")),
                ("attempts", models.IntegerField(default=0, verbose_name="times looked after")),
                ("look_at", models.DateTimeField(null=True)),
                ("refunds", models.JSONField(null=True, verbose_name="given back")),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "db_table": "payment_request",
                "indexes": [
                    models.Index(fields=["order_id"], name="payment_order"),
                    models.Index(fields=["store_id", "made_at"], name="payment_by_time"),
                    models.Index(
                        condition=models.Q(("look_at__isnull", False)), fields=["look_at"], name="payment_look"
                    ),
                ],
            },
        ),
    ]

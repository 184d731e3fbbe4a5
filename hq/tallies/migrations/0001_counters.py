"""The counters, and the triggers that keep them; what is there already is counted."""

from __future__ import annotations

from django.db import migrations, models

from hq.tallies.triggers import COUNTED, made, unmade


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0002_franchise_store_franchise"),
        ("orders", "0015_order_counts"),
        ("members", "0005_by_time"),
        ("talks", "0003_renewal"),
        ("materials", "0002_uses"),
        ("outcomes", "0001_arriving"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveCountNew",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("slot", models.DateTimeField()),
                ("measure", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("n", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "live_count_new",
            },
        ),
        migrations.CreateModel(
            name="MaterialCountNew",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("day", models.DateField()),
                ("material", models.UUIDField()),
                ("guide_id", models.UUIDField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_count_new",
            },
        ),
        migrations.CreateModel(
            name="LiveCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("slot", models.DateTimeField()),
                ("measure", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("n", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "live_count",
                "constraints": [
                    models.UniqueConstraint(fields=("slot", "store_id", "measure", "currency"), name="live_count_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("day", models.DateField()),
                ("material", models.UUIDField()),
                ("guide_id", models.UUIDField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_count",
                "indexes": [models.Index(fields=["material", "day"], name="material_count_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store_id", "day", "material", "guide_id", "what"), name="material_count_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("material", models.UUIDField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_day",
                "indexes": [models.Index(fields=["material", "day"], name="material_day_of")],
                "constraints": [models.UniqueConstraint(fields=("day", "material", "what"), name="material_day_once")],
            },
        ),
        migrations.CreateModel(
            name="MaterialStoreDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("store_id", models.UUIDField()),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.BigIntegerField()),
            ],
            options={
                "db_table": "material_store_day",
                "constraints": [
                    models.UniqueConstraint(fields=("store_id", "day", "what"), name="material_store_day_once")
                ],
            },
        ),
        *(migrations.RunSQL(made(one), unmade(one)) for one in COUNTED),
    ]

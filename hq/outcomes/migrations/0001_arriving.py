"""Which versions of material are on which tablets, by their own word."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MaterialOnTablet",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "material",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("device_id", models.UUIDField(verbose_name="tablet")),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("material", models.UUIDField(verbose_name="material")),
                ("version", models.IntegerField(verbose_name="version")),
                ("why", models.CharField(blank=True, default="", max_length=20, verbose_name="why it is not there")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("came_at", models.DateTimeField(null=True, verbose_name="delivered at")),
            ],
            options={
                "verbose_name": "material on a tablet",
                "verbose_name_plural": "material on tablets",
                "db_table": "material_on_tablet",
                "indexes": [models.Index(fields=["material", "version", "store_id"], name="material_on_tablet_of")],
            },
        ),
    ]

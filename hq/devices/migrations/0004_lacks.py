"""How much material a tablet says that it lacks, for each reason."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0003_enrolments")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="lacks",
            field=models.JSONField(default=dict, editable=False, verbose_name="material that it lacks"),
        ),
    ]

"""Whether who agrees to a policy signs by hand."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        migrations.AddField(
            "policy", "signed", models.BooleanField(db_default=False, default=False, verbose_name="signed by hand")
        ),
    ]

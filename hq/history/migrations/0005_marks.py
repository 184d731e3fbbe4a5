"""By what it is known that somebody names an erased person later."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """`erased_mark`."""

    dependencies = [("history", "0004_remove_fork_settled_at")]
    operations = [
        migrations.CreateModel(
            name="ErasedMark",
            fields=[("mark", models.CharField(max_length=16, primary_key=True, serialize=False))],
            options={"db_table": "erased_mark"},
        )
    ]

"""What levels of membership follow from: what was bought by day, the level given, paid memberships."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_profile")]

    operations = [
        migrations.AddField(
            "member", "counted", models.JSONField(editable=False, null=True, verbose_name="bought by day")
        ),
        migrations.AddField("member", "given", models.JSONField(editable=False, null=True, verbose_name="level given")),
        migrations.AddField(
            "member", "memberships", models.JSONField(editable=False, null=True, verbose_name="paid memberships")
        ),
        migrations.AddField(
            "member", "level_look", models.CharField(db_default="", default="", editable=False, max_length=10)
        ),
        migrations.AddIndex(
            "member",
            models.Index(
                condition=models.Q(("level_look", ""), _negated=True),
                fields=["store_id", "level_look"],
                name="member_level_look",
            ),
        ),
    ]

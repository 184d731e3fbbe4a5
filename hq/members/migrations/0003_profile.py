"""What a profile shows beyond name and phone: sizes, preferences, wishes, dates, household, and how somebody joined."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


def _words(name: str, said: str, *, editable: bool = True) -> migrations.AddField:
    word: models.CharField[str, str] = models.CharField(max_length=120)
    field: django.contrib.postgres.fields.ArrayField[list[str], list[str]] = django.contrib.postgres.fields.ArrayField(
        base_field=word, blank=True, default=list, editable=editable, size=None, verbose_name=said
    )
    return migrations.AddField("member", name, field)


def _json(name: str, said: str) -> migrations.AddField:
    return migrations.AddField("member", name, models.JSONField(editable=False, null=True, verbose_name=said))


class Migration(migrations.Migration):
    dependencies = [("members", "0002_visitors")]

    operations = [
        _json("sizes", "sizes"),
        _words("likes", "preferences"),
        _json("wishes", "wish list"),
        _json("dates", "important dates"),
        _json("household", "household"),
        migrations.AddField(
            "member",
            "touch_point",
            models.CharField(blank=True, default="", max_length=120, verbose_name="touch point"),
        ),
        _json("gift", "sign-up gift"),
        _words("signed", "signed by hand", editable=False),
    ]

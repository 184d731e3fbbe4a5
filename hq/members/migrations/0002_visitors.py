"""Members of other stores as visitors, and who was received first.

Members that were here before count as received when they joined. A vanished id may be known in several stores.
"""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

_ALIAS_KEY = "ALTER TABLE member_alias DROP CONSTRAINT member_alias_pkey, ADD PRIMARY KEY"


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AddField(
            "member",
            "received_at",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.RunSQL(
            "UPDATE member SET received_at = joined_at WHERE joined_at IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            "member",
            models.Index(condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="member_chain_phone"),
        ),
        migrations.AddIndex("member", models.Index(fields=["member_no"], name="member_chain_number")),
        migrations.AddIndex(
            "member",
            django.contrib.postgres.indexes.GinIndex(fields=["other_numbers"], name="member_other_numbers"),
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "store_id", "member_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("store_id", models.UUIDField(verbose_name="store")),
                ("member_id", models.UUIDField(verbose_name="member")),
                ("ver", models.IntegerField(default=0)),
                ("until", models.DateTimeField(verbose_name="until")),
                ("record", models.TextField()),
            ],
            options={
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
                "db_table": "visitor",
                "indexes": [
                    models.Index(fields=["member_id"], name="visitor_member"),
                    models.Index(fields=["until"], name="visitor_until"),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(f"{_ALIAS_KEY} (store_id, id)", f"{_ALIAS_KEY} (id)")],
            state_operations=[
                migrations.AlterField("memberalias", "id", models.UUIDField()),
                migrations.AddField(
                    "memberalias",
                    "pk",
                    models.CompositePrimaryKey(
                        "store_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AddIndex("memberalias", models.Index(fields=["id"], name="alias_vanished")),
    ]

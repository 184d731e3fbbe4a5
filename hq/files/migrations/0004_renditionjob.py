import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0003_upload_pages")]

    operations = [
        migrations.CreateModel(
            name="RenditionJob",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "waits"), ("running", "under way"), ("done", "done"), ("failed", "failed")],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("total", models.IntegerField(default=1, verbose_name="pictures")),
                ("done", models.IntegerField(default=0, verbose_name="of these made")),
                ("tries", models.IntegerField(default=0, verbose_name="tries")),
                ("why", models.CharField(blank=True, default="", max_length=40)),
                ("detail", models.CharField(blank=True, default="", max_length=80)),
                ("made", models.JSONField(default=list)),
                ("queued_at", models.DateTimeField(verbose_name="waiting since")),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="job",
                        to="files.upload",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "pictures to be made",
                "verbose_name_plural": "pictures to be made",
                "db_table": "rendition_job",
                "ordering": ["-queued_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=["due_at"],
                        name="rendition_job_due",
                    )
                ],
            },
        ),
    ]

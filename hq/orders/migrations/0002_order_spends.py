from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="spends",
            field=models.JSONField(null=True, verbose_name="spent from leases"),
        ),
    ]

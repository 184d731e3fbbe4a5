from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0003_begun"),
    ]

    operations = [
        migrations.RemoveField(model_name="fork", name="settled_at"),
    ]

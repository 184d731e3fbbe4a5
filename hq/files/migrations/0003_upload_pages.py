from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0002_upload")]

    operations = [
        migrations.AddField(model_name="upload", name="pages", field=models.IntegerField(default=0)),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DataLoad",
            fields=[
                ("source", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("seed", models.BigIntegerField()),
                ("stores", models.IntegerField()),
                ("households", models.IntegerField()),
                ("counts", models.JSONField()),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "data_load"},
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_server_mode")]

    operations = [
        migrations.AddField(
            model_name="broadcast",
            name="fingerprint",
            field=models.CharField(blank=True, max_length=64),
        )
    ]

"""Somebody who left a group sees the name it had then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_hot_path")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="ended_title",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]

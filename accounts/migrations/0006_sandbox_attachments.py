from functools import partial

import django.db.models.deletion
from django.db import migrations, models

from superapp.kernel.ids import new_id


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_programs")]

    operations = [
        migrations.CreateModel(
            name="SandboxAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(default=partial(new_id, "att"), max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("content_type", models.CharField(max_length=60)),
                ("data", models.BinaryField()),
                ("letter", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="accounts.sandboxletter")),
            ],
        ),
    ]

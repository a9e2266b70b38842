from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0002_walls")]
    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="activation_hash",
            field=models.CharField(blank=True, default="", max_length=128),
            preserve_default=False,
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_the_week_runs_itself"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fragmentproof",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="portfolio.project",
            ),
        ),
        migrations.AlterField(
            model_name="fragmentproof",
            name="field",
            field=models.CharField(blank=True, max_length=300, verbose_name="champ"),
        ),
    ]

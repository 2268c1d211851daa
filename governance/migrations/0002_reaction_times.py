"""The reaction times of the escalation ladder (domain.md F), in force from the beginning."""

from django.db import migrations

LADDER = ((1, 2), (2, 5), (3, 10))


def seed_clocks(apps, _editor):
    model = apps.get_model("governance", "ExceptionClock")
    for level, days in LADDER:
        model.objects.create(level=level, days=days, valid_from="2020-01-01", source="domain.md F")


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [migrations.RunPython(seed_clocks, migrations.RunPython.noop)]

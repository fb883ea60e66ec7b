from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count(apps, schema_editor):
    """Count the visits and open proposals that hold seats of each session."""

    def holders(name):
        rows = apps.get_model('visits', name).objects.filter(slot=OuterRef('pk'), seats_held__gt=0).order_by()
        return Coalesce(Subquery(rows.values('slot').annotate(rows=Count('pk')).values('rows')), 0)

    apps.get_model('visits', 'VisitSlot').objects.update(used_visits=holders('Visit') + holders('Proposal'))


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0010_reply_letter_by_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='visitslot',
            name='used_visits',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='visits that hold seats'),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(condition=models.Q(('active', True)), fields=['ends_at', 'starts_at', 'resource'], name='allocation_times'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]

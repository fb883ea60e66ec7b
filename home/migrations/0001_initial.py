import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('knowledge_hub', '0002_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('hero_title', models.CharField(max_length=150, verbose_name='heading')),
                ('claim_figure', models.CharField(blank=True, help_text='As it was reported, for example “>50”.', max_length=20, verbose_name='figure')),
                ('claim_text', models.CharField(blank=True, max_length=250, verbose_name='what the figure says')),
                ('claim_source', models.CharField(blank=True, max_length=250, verbose_name='source of the figure')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'home page',
                'verbose_name_plural': 'home pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FeaturedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
                ('home', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='featured', to='home.homepage')),
            ],
            options={
                'verbose_name': 'featured page',
                'verbose_name_plural': 'featured pages',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
    ]

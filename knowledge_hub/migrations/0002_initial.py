"""All models but the user, which Wagtail's own migrations depend on (0001)."""

import django.core.validators
import django.db.models.deletion
import knowledge_hub.models.media
import modelcluster.fields
import modelsearch.index
import taggit.managers
import wagtail.fields
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('knowledge_hub', '0001_initial'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CollaborationDocumentPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('kind', models.CharField(choices=[('memorandum', 'Memorandum of understanding'), ('agreement', 'Cooperation agreement'), ('decree', 'Decree'), ('report', 'Implementation report')], max_length=12, verbose_name='kind')),
                ('number', models.CharField(blank=True, max_length=120, verbose_name='number')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('audience', models.CharField(choices=[('public', 'Everybody'), ('partners', 'The three partners (everyone with an account)'), ('staff', "The city's staff only")], default='public', help_text='Counts when the page is published; files of its versions and annexes follow.', max_length=8, verbose_name='who may read it')),
                ('remind_days', models.PositiveSmallIntegerField(default=90, help_text='0 reminds of nothing.', validators=[django.core.validators.MaxValueValidator(730)], verbose_name='remind so many days before the end')),
                ('remind_mailbox', models.EmailField(blank=True, help_text='A shared mailbox of the owner.', max_length=254, verbose_name='who is reminded')),
                ('reminded_of', models.DateField(editable=False, null=True)),
                ('parties', wagtail.fields.StreamField([('party', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'partner', 'max_length': 150}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'role', 'max_length': 300}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'risk it bears', 'max_length': 300, 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('partner', 0), ('role', 1), ('risk', 2)]], {})}, verbose_name='parties and what each carries')),
                ('signatories', wagtail.fields.StreamField([('signatory', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'for', 'max_length': 200}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'name', 'max_length': 150}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'position', 'max_length': 200}), 3: ('wagtail.blocks.StructBlock', [[('party', 0), ('name', 1), ('position', 2)]], {})}, verbose_name='signatories')),
                ('annexes', wagtail.fields.StreamField([('attachment', 2)], blank=True, block_lookup={0: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'file'}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'Leave empty to use the title of the file.', 'label': 'title', 'max_length': 200, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('document', 0), ('title', 1)]], {})}, verbose_name='annexes')),
            ],
            options={
                'verbose_name': 'collaboration document',
                'verbose_name_plural': 'collaboration documents',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ContentChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.PositiveIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Dimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_id', models.CharField(max_length=100, verbose_name='name in Indonesian')),
                ('name_en', models.CharField(max_length=100, verbose_name='name in English')),
                ('slug', models.SlugField(unique=True, verbose_name='slug')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'verbose_name': 'dimension',
                'verbose_name_plural': 'dimensions',
                'ordering': ['sort_order', 'slug'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='FailedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query_string', models.CharField(max_length=255, unique=True, verbose_name='search')),
                ('hits', models.PositiveIntegerField(default=0, verbose_name='times')),
                ('last_searched_at', models.DateTimeField(verbose_name='last searched')),
            ],
            options={
                'verbose_name': 'search without results',
                'verbose_name_plural': 'searches without results',
                'ordering': ['-hits', 'query_string'],
            },
        ),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.CharField(help_text='Separated by commas, for example: pemko, pemerintah kota, pemkot.', max_length=500, verbose_name='terms')),
            ],
            options={
                'verbose_name': 'synonyms',
                'verbose_name_plural': 'synonyms',
                'ordering': ['terms'],
            },
        ),
        migrations.CreateModel(
            name='CustomDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('file_size', models.PositiveBigIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, editable=False, max_length=40)),
                ('file', models.FileField(storage=knowledge_hub.models.media.private_storage, upload_to='documents', verbose_name='file')),
                ('source', models.CharField(blank=True, max_length=255, verbose_name='source')),
                ('licence', models.CharField(blank=True, max_length=100, verbose_name='licence')),
                ('date', models.DateField(blank=True, help_text='The day that the document bears, not that of its upload.', null=True, verbose_name='date')),
                ('language', models.CharField(choices=[('id', 'Indonesian'), ('en', 'English')], default='id', max_length=5, verbose_name='language')),
                ('is_findable', models.BooleanField(default=True, help_text='Never while its collection is private, or while all pages that lead to it are closed or not published. Untick it to keep it out altogether.', verbose_name='found by the public search')),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='AgreementVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('label', models.CharField(help_text='For example: draft of March, signed, first amendment.', max_length=80, verbose_name='version')),
                ('date', models.DateField(verbose_name='date')),
                ('text', models.TextField(blank=True, help_text='The clauses, one paragraph a line; two versions are compared word by word.', verbose_name='text')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='knowledge_hub.collaborationdocumentpage')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='knowledge_hub.customdocument', verbose_name='file')),
            ],
            options={
                'ordering': ['date', 'sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CustomImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('credit', models.CharField(blank=True, max_length=200, verbose_name='credit')),
                ('licence', models.CharField(blank=True, max_length=100, verbose_name='licence')),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'image',
                'verbose_name_plural': 'images',
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.AddField(
            model_name='collaborationdocumentpage',
            name='listing_image',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture'),
        ),
        migrations.CreateModel(
            name='CaseStudyPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('status', models.CharField(choices=[('idea', 'Idea'), ('trial', 'On trial'), ('running', 'Running'), ('developed', 'Being developed further'), ('stopped', 'Stopped'), ('unknown', 'Not recorded')], default='unknown', max_length=10, verbose_name='status')),
                ('stopped_reason', models.TextField(blank=True, max_length=1000, verbose_name='why it was stopped')),
                ('start_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='since')),
                ('context', wagtail.fields.RichTextField(blank=True, help_text='How it was before, with figures where there are any.', verbose_name='context and problem')),
                ('solution', wagtail.fields.RichTextField(blank=True, verbose_name='solution')),
                ('novelty', wagtail.fields.RichTextField(blank=True, verbose_name='what is new')),
                ('partners', wagtail.fields.StreamField([('role', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'partner', 'max_length': 150}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'role', 'max_length': 300}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'risk it bears', 'max_length': 300, 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('partner', 0), ('role', 1), ('risk', 2)]], {})}, verbose_name='partners and roles')),
                ('implementation', wagtail.fields.RichTextField(blank=True, help_text='How it was carried out, and with how many people of which skills.', verbose_name='implementation')),
                ('milestones', wagtail.fields.StreamField([('milestone', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'when', 'max_length': 60}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'what', 'max_length': 300}), 2: ('wagtail.blocks.StructBlock', [[('when', 0), ('what', 1)]], {})}, verbose_name='timeline')),
                ('cost_band', models.CharField(choices=[('unknown', 'Not recorded'), ('none', 'No budget of its own'), ('up_to_100', 'Up to Rp100 million'), ('up_to_1000', 'Rp100 million to Rp1 billion'), ('above', 'More than Rp1 billion')], default='unknown', max_length=10, verbose_name='cost')),
                ('costs', wagtail.fields.StreamField([('cost', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'item', 'max_length': 200}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'As the source states it.', 'label': 'amount', 'max_length': 80}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'source of funds', 'max_length': 120, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 4: ('wagtail.blocks.StructBlock', [[('item', 0), ('amount', 1), ('funding', 2), ('source', 3)]], {})}, verbose_name='costs')),
                ('legal_basis', wagtail.fields.StreamField([('basis', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'number', 'max_length': 100, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('number', 1)]], {})}, verbose_name='legal basis')),
                ('results', wagtail.fields.StreamField([('result', 6)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'indicator', 'max_length': 200}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'unit', 'max_length': 50, 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'before', 'max_length': 50, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'after', 'max_length': 50}), 4: ('wagtail.blocks.IntegerBlock', (), {'label': 'year', 'max_value': 2100, 'min_value': 2000}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 6: ('wagtail.blocks.StructBlock', [[('indicator', 0), ('unit', 1), ('baseline', 2), ('result', 3), ('year', 4), ('source', 5)]], {})}, verbose_name='results')),
                ('challenges', wagtail.fields.RichTextField(blank=True, verbose_name='challenges and failures')),
                ('lessons', wagtail.fields.RichTextField(blank=True, verbose_name='lessons')),
                ('readiness', wagtail.fields.StreamField([('requirement', 3)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('regulation', 'Regulation'), ('people', 'People'), ('infrastructure', 'Infrastructure'), ('data', 'Data'), ('budget', 'Budget')], 'label': 'area'}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'requirement', 'max_length': 300}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('s', 'Small'), ('m', 'Medium'), ('l', 'Large')], 'label': 'effort'}), 3: ('wagtail.blocks.StructBlock', [[('area', 0), ('requirement', 1), ('effort', 2)]], {})}, verbose_name='what an adopter needs')),
                ('effort', models.CharField(blank=True, choices=[('', 'Not estimated'), ('s', 'Small'), ('m', 'Medium'), ('l', 'Large')], default='', max_length=1, verbose_name='effort to adopt')),
                ('shareable', wagtail.fields.StreamField([('item', 3)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('code', 'Program code'), ('document', 'Document'), ('agreement', 'Model agreement'), ('data', 'Data'), ('training', 'Training or mentoring')], 'label': 'kind'}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'what', 'max_length': 250}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'under which terms', 'max_length': 250, 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('kind', 0), ('what', 1), ('terms', 2)]], {})}, verbose_name='what can be shared')),
                ('sustainability', wagtail.fields.RichTextField(blank=True, verbose_name='sustainability')),
                ('contact', models.CharField(blank=True, help_text='An office or a shared mailbox, never a private one.', max_length=200, verbose_name='contact')),
                ('contacts', wagtail.fields.StreamField([('contact', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'For example: technology, legal basis, visits.', 'label': 'asked about', 'max_length': 120}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'office', 'max_length': 200}), 2: ('wagtail.blocks.EmailBlock', (), {'label': 'shared mailbox', 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('role', 0), ('office', 1), ('mailbox', 2)]], {})}, verbose_name='contacts by role')),
                ('registers', wagtail.fields.StreamField([('entry', 3)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('jippnas', 'JIPPNas'), ('kipp', 'KIPP'), ('iga', 'IGA')], 'label': 'register'}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'number', 'max_length': 60}), 2: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('register', 0), ('number', 1), ('url', 2)]], {})}, verbose_name='national registers')),
                ('attachments', wagtail.fields.StreamField([('attachment', 2)], blank=True, block_lookup={0: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'file'}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'Leave empty to use the title of the file.', 'label': 'title', 'max_length': 200, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('document', 0), ('title', 1)]], {})}, verbose_name='attachments')),
                ('video_url', models.URLField(blank=True, help_text='The address of a video; readers follow a link, nothing is embedded.', verbose_name='video')),
                ('gallery', wagtail.fields.StreamField([('picture', 2)], blank=True, block_lookup={0: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('image', 0), ('caption', 1)]], {})}, verbose_name='gallery')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'case study',
                'verbose_name_plural': 'case studies',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('date', models.DateField(verbose_name='date')),
                ('author', models.CharField(blank=True, max_length=150, verbose_name='author')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ApplicationPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('direction', models.CharField(choices=[('g2g', 'Government to government (G2G)'), ('g2c', 'Government to citizens (G2C)'), ('g2b', 'Government to business (G2B)')], max_length=3, verbose_name='service direction')),
                ('status', models.CharField(choices=[('unknown', 'Not recorded'), ('trial', 'On trial'), ('running', 'Running'), ('stopped', 'Stopped')], default='unknown', max_length=10, verbose_name='status')),
                ('database', models.CharField(blank=True, max_length=200, verbose_name='database it uses')),
                ('access', models.CharField(choices=[('unknown', 'Not recorded'), ('none', 'Does not use it'), ('reads', 'Reads'), ('writes', 'Writes'), ('both', 'Reads and writes')], default='unknown', max_length=7, verbose_name='use of the shared database')),
                ('since_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='since')),
                ('case_study', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='applications', to='knowledge_hub.casestudypage', verbose_name='case study')),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='applications', to='knowledge_hub.collaborationdocumentpage', verbose_name='agreement')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'application',
                'verbose_name_plural': 'applications',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CustomRendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='knowledge_hub.customimage')),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.CreateModel(
            name='DocumentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=255)),
                ('text', models.TextField(blank=True)),
                ('pages', models.PositiveIntegerField(null=True)),
                ('problem', models.CharField(blank=True, choices=[('password', 'It is locked with a password.'), ('too_large', 'It is too large, or needs too much memory.'), ('too_long', 'Reading it takes too long.'), ('damaged', 'It is damaged, or not what its name says.'), ('missing', 'The file is missing.')], max_length=10, verbose_name='problem')),
                ('read_at', models.DateTimeField()),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='extracted', to='knowledge_hub.customdocument')),
            ],
        ),
        migrations.CreateModel(
            name='ForumPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('date', models.DateField(verbose_name='date')),
                ('venue', models.CharField(max_length=250, verbose_name='venue')),
                ('theme', models.CharField(blank=True, max_length=250, verbose_name='theme')),
                ('speakers', wagtail.fields.StreamField([('speaker', 5)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'With titles; leave empty if the source does not name the person.', 'label': 'name', 'max_length': 150, 'required': False}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'As held on that day.', 'label': 'position or role', 'max_length': 200, 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'organisation or partner', 'max_length': 200, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'title of the talk', 'max_length': 250, 'required': False}), 4: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'Readers are shown them only if everybody may have the file: its folder decides.', 'label': 'slides', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('name', 0), ('position', 1), ('organisation', 2), ('talk', 3), ('slides', 4)]], {})}, verbose_name='speakers')),
                ('participants', wagtail.fields.RichTextField(blank=True, verbose_name='who else was present')),
                ('start_time', models.TimeField(blank=True, help_text='Local time; leave empty if it is not known.', null=True, verbose_name='begins at')),
                ('end_time', models.TimeField(blank=True, null=True, verbose_name='ends at')),
                ('zone', models.CharField(choices=[('WIB', 'WIB (UTC+7)'), ('WITA', 'WITA (UTC+8)'), ('WIT', 'WIT (UTC+9)')], default='WIB', max_length=4, verbose_name='time zone')),
                ('programme', wagtail.fields.StreamField([('item', 3)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'time', 'max_length': 30, 'required': False}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'title', 'max_length': 250}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 250, 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('time', 0), ('title', 1), ('speaker', 2)]], {})}, verbose_name='programme')),
                ('attachments', wagtail.fields.StreamField([('attachment', 2)], blank=True, block_lookup={0: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'file'}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'Leave empty to use the title of the file.', 'label': 'title', 'max_length': 200, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('document', 0), ('title', 1)]], {})}, verbose_name='slides and files')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'forum',
                'verbose_name_plural': 'forums',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PermissionGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group')),
            ],
        ),
        migrations.CreateModel(
            name='GuidePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'guide',
                'verbose_name_plural': 'guides',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='KnowledgeIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'index of the knowledge base',
                'verbose_name_plural': 'indexes of the knowledge base',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PageDirection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('g2g', 'Government to government (G2G)'), ('g2c', 'Government to citizens (G2C)'), ('g2b', 'Government to business (G2B)')], max_length=3, verbose_name='service direction')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='page_directions', to=settings.WAGTAIL_PAGE_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PageFeedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('helpful', 'Helpful'), ('not_helpful', 'Not helpful'), ('question', 'Question'), ('error', 'Reported error')], max_length=12, verbose_name='kind')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='message')),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='answer to')),
                ('language', models.CharField(choices=[('id', 'Indonesian'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='received')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='what was done')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
            ],
            options={
                'verbose_name': 'feedback',
                'verbose_name_plural': 'feedback',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='PageLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('related', 'Related to'), ('builds_on', 'Builds on'), ('replaces', 'Replaces'), ('agreed_in', 'Agreed in'), ('presented_at', 'Presented at'), ('reports_on', 'Reports on')], default='related', max_length=12, verbose_name='kind')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='page_links', to=settings.WAGTAIL_PAGE_MODEL)),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='linked_from', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PagePdf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Being prepared'), ('ready', 'Ready'), ('failed', 'Could not be made')], default='waiting', max_length=8, verbose_name='state')),
                ('problem', models.TextField(blank=True, verbose_name='problem')),
                ('asked_at', models.DateTimeField()),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'PDF of a page',
                'verbose_name_plural': 'PDFs of pages',
            },
        ),
        migrations.CreateModel(
            name='PartnerApprovalTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('partner', models.CharField(choices=[('pemko', 'City government (Pemko)'), ('polmed', 'Polytechnic (Polmed)'), ('telkom', 'Telkom')], max_length=10, verbose_name='partner')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'approval by a partner',
                'verbose_name_plural': 'approvals by partners',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='PartnerPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('partner', models.CharField(choices=[('pemko', 'City government (Pemko)'), ('polmed', 'Polytechnic (Polmed)'), ('telkom', 'Telkom')], max_length=10, verbose_name='partner')),
                ('role', models.CharField(max_length=200, verbose_name='role in the collaboration')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.CharField(max_length=8, primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('aliases', models.CharField(blank=True, help_text='Other spellings that people search for, separated by commas.', max_length=200, verbose_name='aliases')),
                ('capital', models.CharField(blank=True, max_length=100, verbose_name='capital')),
                ('latitude', models.FloatField(verbose_name='latitude')),
                ('longitude', models.FloatField(verbose_name='longitude')),
                ('zone', models.CharField(choices=[('WIB', 'WIB (UTC+7)'), ('WITA', 'WITA (UTC+8)'), ('WIT', 'WIT (UTC+9)')], max_length=4, verbose_name='time zone')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='regencies', to='knowledge_hub.region', verbose_name='province')),
            ],
            options={
                'verbose_name': 'region',
                'verbose_name_plural': 'regions',
                'ordering': ['code'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='RequestCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('hour', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'hour'), name='request_count_unique')],
            },
        ),
        migrations.CreateModel(
            name='SearchChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('applied', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['index', 'applied', 'id'], name='search_change_waiting')],
            },
        ),
        migrations.CreateModel(
            name='SectionPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text='At most 200 words. Shown in lists and in search.', max_length=1200, verbose_name='summary')),
                ('owner_unit', models.CharField(blank=True, help_text='The office that answers for this page, for example “Diskominfo Kota Binjai”.', max_length=200, verbose_name='owner')),
                ('last_verified_at', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('quote', 5), ('figure', 8), ('question', 11), ('document', 12)], blank=True, block_lookup={0: ('knowledge_hub.blocks.story.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'description': 'Paragraphs and lists.', 'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'icon': 'pilcrow', 'label': 'Text', 'preview_value': '<p>Sebelum 2017 izin usaha diurus di <b>empat loket</b>.</p><ul><li>14 hari kerja</li></ul>'}), 2: ('wagtail.blocks.TextBlock', (), {'label': 'quotation', 'max_length': 600}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'speaker', 'max_length': 150}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'source', 'max_length': 200}), 5: ('wagtail.blocks.StructBlock', [[('text', 2), ('speaker', 3), ('source', 4)]], {}), 6: ('wagtail.images.blocks.ImageBlock', [], {'label': 'picture'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'caption', 'max_length': 250, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('caption', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'label': 'question', 'max_length': 250}), 10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'ol', 'ul'], 'label': 'answer'}), 11: ('wagtail.blocks.StructBlock', [[('question', 9), ('answer', 10)]], {}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'description': 'A file to download.', 'label': 'File', 'preview_template': 'blocks/preview_file.html', 'template': 'blocks/document.html'})}, verbose_name='body')),
                ('sources', wagtail.fields.StreamField([('source', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'title or author', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'publisher', 'max_length': 150}), 2: ('wagtail.blocks.DateBlock', (), {'label': 'date', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'label': 'address', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('publisher', 1), ('date', 2), ('url', 3)]], {})}, verbose_name='sources')),
                ('listing_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge_hub.customimage', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='SubDimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_id', models.CharField(max_length=100, verbose_name='name in Indonesian')),
                ('name_en', models.CharField(max_length=100, verbose_name='name in English')),
                ('slug', models.SlugField(unique=True, verbose_name='slug')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('dimension', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subdimensions', to='knowledge_hub.dimension', verbose_name='dimension')),
            ],
            options={
                'verbose_name': 'sub-dimension',
                'verbose_name_plural': 'sub-dimensions',
                'ordering': ['dimension__sort_order', 'sort_order', 'slug'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='PageTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='page_topics', to=settings.WAGTAIL_PAGE_MODEL)),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='page_topics', to='knowledge_hub.subdimension', verbose_name='topic')),
            ],
        ),
        migrations.CreateModel(
            name='BrokenLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=500, verbose_name='leads to')),
                ('reason', models.CharField(choices=[('page_gone', 'The page was deleted'), ('page_hidden', 'The page is not published'), ('file_gone', 'The file was deleted'), ('unknown', 'There is nothing at this address')], max_length=12, verbose_name='reason')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='broken_links', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
            ],
            options={
                'verbose_name': 'broken link',
                'verbose_name_plural': 'broken links',
                'ordering': ['found_at', 'pk'],
                'permissions': [('read_reports', 'Can read the reports of the knowledge base')],
                'constraints': [models.UniqueConstraint(fields=('page', 'address'), name='broken_link_unique')],
            },
        ),
        migrations.AddConstraint(
            model_name='collaborationdocumentpage',
            constraint=models.CheckConstraint(condition=models.Q(('signed_on__isnull', True), ('valid_until__isnull', True), ('signed_on__lte', models.F('valid_until')), _connector='OR'), name='agreement_ends_after_signing', violation_error_message='The end of validity must not lie before the signing.'),
        ),
        migrations.AddConstraint(
            model_name='collaborationdocumentpage',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lte', models.F('valid_until')), _connector='OR'), name='agreement_ends_after_it_begins', violation_error_message='The end of validity must not lie before its beginning.'),
        ),
        migrations.AddConstraint(
            model_name='casestudypage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'stopped'), _negated=True), models.Q(('stopped_reason', ''), _negated=True), _connector='OR'), name='case_stopped_has_a_reason', violation_error_message='Say why the case was stopped; others learn from it.'),
        ),
        migrations.AddConstraint(
            model_name='customrendition',
            constraint=models.UniqueConstraint(fields=('image', 'filter_spec', 'focal_point_key'), name='rendition_unique'),
        ),
        migrations.AddConstraint(
            model_name='forumpage',
            constraint=models.CheckConstraint(condition=models.Q(('end_time__isnull', True), ('start_time__lt', models.F('end_time')), _connector='OR'), name='forum_ends_after_it_begins', violation_error_message='The forum must begin before it ends.'),
        ),
        migrations.AddConstraint(
            model_name='permissiongrant',
            constraint=models.UniqueConstraint(fields=('group', 'name'), name='permission_granted_once'),
        ),
        migrations.AddConstraint(
            model_name='pagedirection',
            constraint=models.UniqueConstraint(fields=('page', 'direction'), name='page_direction_unique'),
        ),
        migrations.AddIndex(
            model_name='pagefeedback',
            index=models.Index(fields=['page', 'kind'], name='knowledge_h_page_id_1c3720_idx'),
        ),
        migrations.AddConstraint(
            model_name='pagefeedback',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'question'), ('reply_to', ''), _connector='OR'), name='feedback_address_for_questions_only'),
        ),
        migrations.AddConstraint(
            model_name='pagefeedback',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('reply_to', ''), _connector='OR'), name='feedback_closed_keeps_no_address'),
        ),
        migrations.AddConstraint(
            model_name='pagelink',
            constraint=models.UniqueConstraint(fields=('page', 'kind', 'target'), name='page_link_unique'),
        ),
        migrations.AddConstraint(
            model_name='pagelink',
            constraint=models.CheckConstraint(condition=models.Q(('page', models.F('target')), _negated=True), name='page_link_leads_elsewhere', violation_error_message='A page cannot be linked to itself.'),
        ),
        migrations.AddConstraint(
            model_name='region',
            constraint=models.UniqueConstraint(fields=('parent', 'name'), name='region_name_unique_in_province'),
        ),
        migrations.AddConstraint(
            model_name='pagetopic',
            constraint=models.UniqueConstraint(fields=('page', 'topic'), name='page_topic_unique'),
        ),
    ]

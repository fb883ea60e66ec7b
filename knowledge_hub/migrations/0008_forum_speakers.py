"""Each speaker of a forum becomes a row, in pages and in all their drafts; what else stood in the list of participants stays there."""

import json
import re
import uuid

import wagtail.fields
from django.db import migrations
from django.utils.html import format_html_join

TALKERS = {
    "Wali Kota Binjai H Muhammad Idaham": ("H Muhammad Idaham", "Wali Kota Binjai", "Pemerintah Kota Binjai"),
    "Mayor H Muhammad Idaham of Binjai": ("H Muhammad Idaham", "Mayor of Binjai", "City Government of Binjai"),
}
# How the initial content named the others, and who they are.
OTHERS = {
    "<p>Narasumber lain:</p><ul><li>Prof Naoko Iwasaki, Waseda University Japan</li>"
    "<li>Prof Toshio Obi, selaku Direktur APEC Digital Government</li>"
    "<li>Ketua Kompartemen Model and Transformation Standar, Asosiasi Prakarsa Indonesia Cerdas (APIC), tanpa nama dalam sumber</li></ul>": (
        ("Prof Naoko Iwasaki", "", "Waseda University Japan"),
        ("Prof Toshio Obi", "Direktur APEC Digital Government", ""),
        ("", "Ketua Kompartemen Model and Transformation Standar", "Asosiasi Prakarsa Indonesia Cerdas (APIC)"),
    ),
    "<p>Other speakers:</p><ul><li>Prof Naoko Iwasaki, Waseda University, Japan</li>"
    "<li>Prof Toshio Obi, as Director of APEC Digital Government</li>"
    "<li>the chair of the compartment Model and Transformation Standard, Asosiasi Prakarsa Indonesia Cerdas (APIC), not named in the source</li></ul>": (
        ("Prof Naoko Iwasaki", "", "Waseda University, Japan"),
        ("Prof Toshio Obi", "Director of APEC Digital Government", ""),
        ("", "Chair of the compartment Model and Transformation Standard", "Asosiasi Prakarsa Indonesia Cerdas (APIC)"),
    ),
}


def in_rows(speaker, talk, participants):
    """The speakers as the text of a stream, and the participants without those who got a row."""
    people = [(*TALKERS.get(speaker, (speaker, "", "")), talk)] if speaker or talk else []
    plain = re.sub(r' data-block-key="[^"]*"', "", participants)
    for text, others in OTHERS.items():
        if plain.startswith(text):
            people += [(*person, "") for person in others]
            participants = plain.removeprefix(text)
    names = ("name", "position", "organisation", "talk")
    rows = [
        {"type": "speaker", "value": {**dict(zip(names, person, strict=True)), "slides": None}, "id": str(uuid.uuid4())} for person in people
    ]
    return json.dumps(rows), participants


def as_text(speakers, participants):
    """The first speaker, the title of the talk, and the participants with the other speakers before them, from the text of a stream."""
    people = [row["value"] for row in json.loads(speakers or "[]")]
    first, others = (people[0], people[1:]) if people else ({}, [])
    said = [", ".join(filter(None, (person.get(name) for name in ("name", "position", "organisation", "talk")))) for person in others]
    items = format_html_join("", "<li>{}</li>", ((text,) for text in said))
    name = " ".join(filter(None, (first.get("position"), first.get("name"))))[:200]
    return name, first.get("talk") or "", (f"<ul>{items}</ul>" if items else "") + participants


def revisions(apps):
    """The drafts of all forums."""
    Revision = apps.get_model("wagtailcore", "Revision")
    return Revision.objects.filter(content_type__app_label="knowledge_hub", content_type__model="forumpage").iterator()


def give_rows(apps, schema_editor):
    """From text to rows."""
    for page in apps.get_model("knowledge_hub", "ForumPage").objects.all():
        page.speakers, page.participants = in_rows(page.speaker, page.talk_title, page.participants)
        page.save(update_fields=["speakers", "participants"])
    for revision in revisions(apps):
        content = revision.content
        if "speakers" not in content:
            content["speakers"], content["participants"] = in_rows(
                content.pop("speaker", ""), content.pop("talk_title", ""), content.get("participants", "")
            )
            revision.save(update_fields=["content"])


def give_text(apps, schema_editor):
    """From rows to text; slides have no place there."""
    for page in apps.get_model("knowledge_hub", "ForumPage").objects.all():
        page.speaker, page.talk_title, page.participants = as_text(json.dumps(list(page.speakers.raw_data)), page.participants)
        page.save(update_fields=["speaker", "talk_title", "participants"])
    for revision in revisions(apps):
        content = revision.content
        if "speakers" in content:
            content["speaker"], content["talk_title"], content["participants"] = as_text(
                content.pop("speakers"), content.get("participants", "")
            )
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("knowledge_hub", "0007_documents_in_search"), ("wagtailcore", "0098_apitoken")]

    operations = [
        migrations.AddField(
            model_name='forumpage',
            name='speakers',
            field=wagtail.fields.StreamField([('speaker', 5)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'With titles; leave empty if the source does not name the person.', 'label': 'name', 'max_length': 150, 'required': False}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'As held on that day.', 'label': 'position or role', 'max_length': 200, 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'organisation or partner', 'max_length': 200, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'title of the talk', 'max_length': 250, 'required': False}), 4: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'Readers are shown them only if everybody may have the file: its folder decides.', 'label': 'slides', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('name', 0), ('position', 1), ('organisation', 2), ('talk', 3), ('slides', 4)]], {})}, verbose_name='speakers'),
        ),
        migrations.RunPython(give_rows, give_text),
        migrations.RemoveField(model_name="forumpage", name="speaker"),
        migrations.RemoveField(model_name="forumpage", name="talk_title"),
        migrations.AlterField(
            model_name='forumpage',
            name='participants',
            field=wagtail.fields.RichTextField(blank=True, verbose_name='who else was present'),
        ),
    ]

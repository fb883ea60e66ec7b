"""Remember which rights the product gave to groups. Those of the first releases were given when the groups were made: if one is
missing since, an administrator took it away. What later releases added is given once more."""

import django.db.models.deletion
from django.db import migrations, models

ADMIN = "wagtailadmin.access_admin"
REPORTS = "knowledge_hub.read_reports"
VISITS = ("view_visit", "view_programme", "view_calendarexception", "view_visitslot", "view_outboundmessage", "view_numbersequence")
FEEDBACK = [
    f"knowledge_hub.{action}_{model}" for model in ("pagefeedback", "synonymgroup") for action in ("view", "add", "change", "delete")
]
OFFICE = (
    *("add_visit", "decide_visit", "receive_visit", "certify_visit", "add_programme", "change_programme", "add_calendarexception"),
    *("change_calendarexception", "delete_calendarexception", "change_visitslot", "change_outboundmessage"),
)
FIRST = {
    "Editor Pemko": [ADMIN, REPORTS],
    "Editor Polmed": [ADMIN, REPORTS],
    "Editor Telkom": [ADMIN, REPORTS],
    "Penyetuju Pemko": [ADMIN],
    "Penyetuju Polmed": [ADMIN],
    "Penyetuju Telkom": [ADMIN],
    "Moderator": [ADMIN, REPORTS, *FEEDBACK, "knowledge_hub.view_failedsearch", "knowledge_hub.delete_failedsearch"],
    "Auditor": [
        *(ADMIN, REPORTS, "knowledge_hub.view_pagefeedback", "knowledge_hub.view_failedsearch"),
        *(f"visits.{right}" for right in VISITS),
    ],
    "Prokopim": [ADMIN, *(f"visits.{right}" for right in (*VISITS, *OFFICE))],
    "Penerima tamu": [ADMIN, "visits.view_visit", "visits.receive_visit"],
}


def remember_first(apps, schema_editor):
    """Note what the groups that exist were given."""
    GivenRight = apps.get_model("knowledge_hub", "GivenRight")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=FIRST):
        GivenRight.objects.bulk_create([GivenRight(group=group, name=right) for right in FIRST[group.name]])


class Migration(migrations.Migration):
    dependencies = [("auth", "0012_alter_user_first_name_max_length"), ("knowledge_hub", "0008_forum_speakers")]

    operations = [
        migrations.CreateModel(
            name="GivenRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160)),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="auth.group"),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("group", "name"), name="right_given_once")]},
        ),
        migrations.RunPython(remember_first, migrations.RunPython.noop),
    ]

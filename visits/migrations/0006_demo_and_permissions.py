from django.db import migrations, models

NEW_PERMISSIONS = {
    "Prokopim": [
        *((model, action) for model in ("resourcekind", "resource") for action in ("view", "add", "change", "delete")),
        *(("allocation", action) for action in ("view", "add", "delete")),
    ],
    "Auditor": [(model, "view") for model in ("resourcekind", "resource", "allocation")],
}
"""What came with 0002, after an installation may have made its groups."""


def give_permissions(apps, schema_editor):
    """Groups that existed before rooms and speakers did may see and edit them as new ones may; nothing is taken away."""
    content_types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=NEW_PERMISSIONS):
        for model, action in NEW_PERMISSIONS[group.name]:
            # Django makes the rows of permissions only after all migrations.
            content_type, _created = content_types.objects.get_or_create(app_label="visits", model=model)
            name = f"Can {action} {apps.get_model('visits', model)._meta.verbose_name}"
            permission, _created = permissions.objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": name}
            )
            group.permissions.add(permission)


def mark_fictitious_visits(apps, schema_editor):
    """Those of load_demo, which say so in their name, are told apart by their source."""
    apps.get_model("visits", "Visit").objects.filter(organisation__endswith="(Contoh/fiktif)").update(source="demo")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("visits", "0005_office_papers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="visit",
            name="source",
            field=models.CharField(
                choices=[
                    ("online", "Booked on this site"),
                    ("staff", "Entered by staff for a guest who wrote or phoned"),
                    ("record", "Entered from a published source"),
                    ("demo", "Fictitious, for trying things out"),
                ],
                default="online",
                editable=False,
                max_length=10,
                verbose_name="source",
            ),
        ),
        migrations.RunPython(give_permissions, migrations.RunPython.noop),
        migrations.RunPython(mark_fictitious_visits, migrations.RunPython.noop),
    ]

"""On PostgreSQL two active allocations of one resource cannot overlap; SQLite's single writer makes the same check safe in code."""

from django.db import migrations

CREATE = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE visits_allocation ADD CONSTRAINT allocation_no_overlap
    EXCLUDE USING gist (resource_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (active)
    """,
)
REMOVE = ("ALTER TABLE visits_allocation DROP CONSTRAINT IF EXISTS allocation_no_overlap",)


def _on_postgresql(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_scheduling")]
    operations = [migrations.RunPython(_on_postgresql(CREATE), _on_postgresql(REMOVE))]

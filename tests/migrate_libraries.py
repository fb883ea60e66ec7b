"""Write a database with the migrations of Django, Wagtail and other libraries, and of ours only what those need.

    python -m tests.migrate_libraries FILE

A changed model then costs only our own migrations: see ``migrated_copy`` in conftest.py.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

OURS = {"home", "knowledge_hub", "visits"}


def migrate_libraries() -> None:
    """Apply the migrations to the configured database, without the signals that create permissions: those come with ours."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in OURS])
    connection.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        written = Path(directory) / "libraries.sqlite3"
        os.environ |= {"DATABASE_URL": f"sqlite:///{written}", "DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.test"}
        import django

        django.setup()
        migrate_libraries()
        # Copied beside its place first: another process may look for it at the same time.
        target = Path(sys.argv[1])
        beside = target.with_suffix(f".{os.getpid()}")
        shutil.copyfile(written, beside)
        beside.rename(target)

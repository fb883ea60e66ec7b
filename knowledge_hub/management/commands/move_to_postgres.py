import os
import subprocess
import sys

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage, storages
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.utils.module_loading import import_string

from knowledge_hub.core import database_move
from knowledge_hub.settings.storage import file_storages

TARGET = "target"


class Command(BaseCommand):
    """Move the site from SQLite and folders to PostgreSQL and, if it is given, a storage that speaks S3. Stop the site first."""

    help = "Copies rows and files, compares both sides, builds the index, says what to write into .env. The old site stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("database", help="postgres://user:password@host:5432/name; an empty database")
        parser.add_argument("--storage", default="", help="s3://key:secret@host/bucket; without it files stay where they are")

    def handle(self, *args, database, storage, **options):
        """Move. Raises CommandError with what to do; nothing is moved then, and the old site still works."""
        if connection.vendor != "sqlite":
            raise CommandError("The site does not use SQLite; there is nothing to move.")
        try:
            new_storages = file_storages(storage, settings.MEDIA_ROOT, settings.PRIVATE_ROOT)
        except ImproperlyConfigured as error:
            raise CommandError(f"--storage: {error}") from error
        values = {"DATABASE_URL": database, "SEARCH_URL": "postgresql:", **({"STORAGE_URL": storage} if storage else {})}
        self.connect(database)
        # In another process: migrations of libraries write to the default database.
        self.manage(values, "migrate", "--no-input", failure="The tables could not be made")
        try:
            for name, options_of_storage in new_storages.items() if storage else ():
                files = database_move.copy_files(storages[name], as_storage(options_of_storage))
                self.stdout.write(f"• {files} files of “{name}” are the same on both sides")
            # The rows last, in one transaction: a move that was interrupted can be started again.
            counts = database_move.copy_rows(DEFAULT_DB_ALIAS, TARGET)
            self.stdout.write(f"• {sum(counts.values())} rows of {len(counts)} tables are the same on both sides")
        except database_move.MoveRefused as refused:
            raise CommandError(str(refused)) from refused
        finally:
            connections[TARGET].close()
        self.manage(values, "rebuild_modelsearch_index", failure="Rows and files were moved, but the search index was not built")
        lines = "\n".join(f"    {name}={value}" for name, value in values.items())
        self.stdout.write(f"• The search index is built\n\nWrite this into .env, then start the site:\n\n{lines}\n")

    def connect(self, database: str):
        """Add the new database to the connections. Raises CommandError if it is no PostgreSQL or does not answer."""
        try:
            config = environ.Env.db_url_config(database)
        except ImproperlyConfigured as error:
            raise CommandError(f"This is no address of a database: {error}") from error
        if config["ENGINE"] != "django.db.backends.postgresql":
            raise CommandError("Give the address of a PostgreSQL database: postgres://user:password@host:5432/name")
        defaults = connections.configure_settings({DEFAULT_DB_ALIAS: {}, TARGET: config})
        connections.databases[TARGET] = defaults[TARGET]
        try:
            connections[TARGET].ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The new database does not answer: {error}") from error

    def manage(self, values: dict[str, str], *command: str, failure: str):
        """Run another command with the new settings. Raises CommandError if it fails."""
        line = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
        done = subprocess.run(line, env=os.environ | values, capture_output=True, text=True, check=False)  # noqa: S603 -- our own commands
        if done.returncode:
            raise CommandError(f"{failure}: {done.stderr.strip()[-2000:]}")


def as_storage(options: dict) -> Storage:
    """The storage of an entry of STORAGES."""
    return import_string(options["BACKEND"])(**options.get("OPTIONS", {}))

"""The floor of what reads from the database: the same SQL statements, sent and fetched without the product and without the ORM."""

from collections.abc import Callable
from typing import Any

from django.db import connection

Statement = tuple[str, Any]
"""SQL and its parameters."""


def sent_by(call: Callable[[], object]) -> list[Statement]:
    """The statements that a call sends, in their order."""
    found: list[Statement] = []

    def note(execute, sql, parameters, many, context):
        found.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        call()
    return found


def fetch(statements: list[Statement]) -> None:
    """Send statements that read, and fetch all their rows."""
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            cursor.fetchall()

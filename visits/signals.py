"""Signals of visits. They are sent inside the transaction of the change, so receivers only enqueue tasks (see visits/tasks.py)."""

from django.dispatch import Signal

visit_moved = Signal()
"""A visit changed its status. Arguments: ``visit``, ``source`` (may be None for a new visit), ``target``, ``actor``."""

text_wanted = Signal()
"""The text of a mail of the outbox must be written: it is new, or what it says has changed. Argument: ``message``."""

message_queued = Signal()
"""A mail was added to the outbox. Argument: ``message``."""

certificates_planned = Signal()
"""Certificates were planned and wait to be made. Argument: ``visit``."""

paper_wanted = Signal()
"""An office paper waits to be drawn. Argument: ``paper``."""

"""Signals of visits. They are sent inside the transaction of the change, so receivers only enqueue tasks (see visits/tasks.py)."""

from django.dispatch import Signal

visit_moved = Signal()
"""A visit changed its status. Arguments: ``visit``, ``source`` (may be None for a new visit), ``target``, ``actor``."""

message_queued = Signal()
"""A mail was added to the outbox. Argument: ``message``."""

certificates_planned = Signal()
"""Certificates were planned and wait to be made. Argument: ``visit``."""

paper_wanted = Signal()
"""An office paper waits to be drawn. Argument: ``paper``."""

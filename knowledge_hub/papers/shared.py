"""The renderer of this process: one, because each further font configuration costs memory that never comes back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PapersUnavailable

if TYPE_CHECKING:
    from knowledge_hub.papers.engine import Renderer

_renderers: dict[int, Renderer] = {}


def renderer() -> Renderer:
    """The renderer of this process, made at the first call (half a second, about 100 MiB).

    Kept by process id: a child made by fork must not use its parent's font handles.

    Raises:
        PapersUnavailable: Pango, HarfBuzz or a font of ours is missing; the text says what to do.
    """
    pid = os.getpid()
    if pid not in _renderers:
        _renderers.clear()
        try:
            # Loading starts dozens of short helper processes to find the libraries, so it happens here and not with the module.
            from knowledge_hub.papers.engine import Renderer
        except OSError as error:
            raise PapersUnavailable(
                _(
                    "Papers cannot be drawn: a system library is missing (%(library)s). "
                    "Install Pango and HarfBuzz: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
                )
                % {"library": error}
            ) from error
        _renderers[pid] = Renderer()
    return _renderers[pid]

"""The renderer of this process. There is only one, because memory of further font configurations is never released."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PapersUnavailable

if TYPE_CHECKING:
    from knowledge_hub.papers.weasyprint_renderer import Renderer

_renderers: dict[int, Renderer] = {}


def renderer() -> Renderer:
    """The renderer of this process; the first call creates it (half a second, about 100 MiB).

    It is stored by process id, because a forked child must not use the font handles of its parent.

    Raises:
        PapersUnavailable: Pango, HarfBuzz or one of the fonts is missing; the text says what to do.
    """
    pid = os.getpid()
    if pid not in _renderers:
        _renderers.clear()
        try:
            # The import starts dozens of helper processes that search for libraries.
            from knowledge_hub.papers.weasyprint_renderer import Renderer
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

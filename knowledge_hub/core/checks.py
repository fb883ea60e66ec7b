"""System checks of this project, run by `manage.py check` and `doctor`."""

import ctypes.util
import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

LIBRARIES = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0", "harfbuzz-subset": "libharfbuzz-subset0"}


def translations_are_compiled(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if a translation catalogue is not compiled; the site would be in English only."""
    compiled = [(po, po.with_suffix(".mo")) for folder in settings.LOCALE_PATHS for po in sorted(folder.glob("*/LC_MESSAGES/*.po"))]
    outdated = [po for po, mo in compiled if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime]
    if not outdated:
        return []
    names = ", ".join(str(po.relative_to(settings.BASE_DIR)) for po in outdated)
    return [checks.Warning(f"Not compiled: {names}.", hint="Run: locale/compile.sh", id="knowledge_hub.W001")]


def papers_can_be_drawn(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Check that WeasyPrint's three system libraries exist, without loading them (100 MiB)."""
    missing = [package for name, package in LIBRARIES.items() if not ctypes.util.find_library(name)]
    if not missing:
        return []
    hint = f"Run: apt-get install {' '.join(missing)}"
    return [checks.Error("System libraries for drawing certificates are missing.", hint=hint, id="knowledge_hub.E001")]


def private_files_are_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Check that private files are outside the media folder and not readable by other users of the machine."""
    found: list[checks.CheckMessage] = []
    private, media = settings.PRIVATE_ROOT.resolve(), settings.MEDIA_ROOT.resolve()
    if private == media or media in private.parents:
        found.append(checks.Error("PRIVATE_ROOT lies inside MEDIA_ROOT, which anyone may read.", id="knowledge_hub.E002"))
    for directory in (settings.VAR_DIR, settings.PRIVATE_ROOT):
        if directory.exists() and os.stat(directory).st_mode & 0o007:
            found.append(
                checks.Warning(
                    f"Everyone on this machine may enter {directory}.", hint=f"Run: chmod o-rwx {directory}", id="knowledge_hub.W002"
                )
            )
    return found


def register() -> None:
    """Register the checks; called once when the app is ready."""
    for check in (translations_are_compiled, papers_can_be_drawn, private_files_are_private):
        checks.register(check)

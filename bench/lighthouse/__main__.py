"""Measure what a reader with a phone gets: Lighthouse's four marks for the pages of the site as it is served in production.

    python -m bench.lighthouse [--runs 3]

Needs Node and Chromium; npx fetches Lighthouse. Of several runs the median counts, as Lighthouse's own documentation advises, because
its marks for speed vary from run to run.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.pages import rate

LIGHTHOUSE = "lighthouse@12.8.2"
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 95}
PAGES = (
    "/",
    "/en/",
    "/pengetahuan/",
    "/pengetahuan/kolaborasi-tiga-pihak/",
    "/pengetahuan/forum-bappenas-2018/",
    "/catatan-kunjungan/komisi-b-dprd-batu-bara-2018/",
    "/kunjungan/",
)
NOT_FOR_SEARCH_ENGINES = ("/cari/?q=database", "/kunjungan/ajukan/")
"""They ask not to be indexed, which Lighthouse marks down as SEO."""


def main() -> int:
    """Print the marks of each page; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    if not shutil.which("npx") or not _chromium():
        print("Lighthouse needs Node (npx) and Chromium.")
        return 1
    with tempfile.TemporaryDirectory(prefix="bench-lighthouse-") as directory:
        port = rate.free_port()
        environment = _production(Path(directory), port)
        subprocess.run([sys.executable, "manage.py", "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with rate.server(environment, port):
            return _report(f"http://localhost:{port}", directory, chosen.runs)


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def _production(directory: Path, port: int) -> dict[str, str]:
    site = directory / "site"
    site.mkdir(mode=0o750)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.production",
        "VAR_DIR": str(site),
        "SECRET_KEY": "for-measurements-only-for-measurements-only-for-measurements",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": f"http://localhost:{port}",
        "DEFAULT_FROM_EMAIL": "kunjungan@contoh.invalid",
        "BEHIND_PROXY": "false",
        "SECURE_SSL_REDIRECT": "false",
    }


def _report(site: str, directory: str, runs: int) -> int:
    missed = False
    print(f"{'page, on a slow phone as Lighthouse plays it':<52}" + "".join(f"{name:>16}" for name in BARS))
    for address in (*PAGES, *NOT_FOR_SEARCH_ENGINES):
        found = [_marks(site + address, Path(directory, "report.json")) for _ in range(runs)]
        line = ""
        for name, bar in BARS.items():
            mark = statistics.median(marks[name] for marks in found)
            counts = name != "seo" or address in PAGES
            missed |= counts and mark < bar
            line += f"{mark if counts else '–':>16}"
        print(f"{address:<52}{line}")
    print(f"{'bar: at least':<52}" + "".join(f"{bar:>16}" for bar in BARS.values()))
    return int(missed)


def _marks(address: str, report: Path) -> dict[str, int]:
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", flags, "--output=json", f"--output-path={report}"]
    subprocess.run(
        command, env={**os.environ, "CHROME_PATH": _chromium()}, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    categories = json.loads(report.read_text())["categories"]
    return {name: round(100 * categories[name]["score"]) for name in BARS}


if __name__ == "__main__":
    sys.exit(main())

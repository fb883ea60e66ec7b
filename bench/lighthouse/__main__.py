"""Measure what a reader with a phone gets: Lighthouse's four marks for the pages of the site as it is served in production.

    python -m bench lighthouse [--runs 3] [--quick]

Needs Node and Chromium; npx fetches Lighthouse. Of several runs the median counts, as Lighthouse's own documentation advises, because
its marks for speed vary from run to run. When Lighthouse itself fails it is asked once more. A page for which it fails twice is
reported as not measured; its bars count as missed.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import bars
from bench.pages import rate

LIGHTHOUSE = "lighthouse@12.8.2"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 95}
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
PATIENCE_SECONDS = 300
"""Lighthouse needs about ten seconds for a page; the first time npx fetches it besides."""


class LighthouseFailed(Exception):
    """Lighthouse gave no marks: it crashed, it hung, or Chromium did."""


def main() -> int:
    """Print the marks of each page; 1 when a bar is missed."""
    options = bars.parser("lighthouse", __doc__)
    options.add_argument("--runs", type=int, default=3, help="how often each page is measured")
    chosen = bars.parse(options, runs=1)
    if not shutil.which("npx") or not chromium():
        print("Lighthouse needs Node (npx) and Chromium.")
        return 1
    found = bars.Bars("lighthouse", judged=not chosen.quick)
    addresses = PAGES[:1] if chosen.quick else (*PAGES, *NOT_FOR_SEARCH_ENGINES)
    with tempfile.TemporaryDirectory(prefix="bench-lighthouse-") as directory:
        port = rate.free_port()
        environment = production(Path(directory), port)
        subprocess.run([sys.executable, "manage.py", "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with rate.server(environment, port):
            _report(found, addresses, f"http://localhost:{port}", Path(directory), chosen.runs)
    return found.end()


def chromium() -> str | None:
    """The installed Chromium, or the one named by CHROMIUM; None without one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")


def production(directory: Path, port: int) -> dict[str, str]:
    """The environment of a new site in this directory, with production settings."""
    site = directory / "site"
    site.mkdir(mode=0o750)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.production",
        "VAR_DIR": str(site),
        "SECRET_KEY": "for-measurements-only-for-measurements-only-for-measurements",
        "SIGNING_KEY": "for-links-of-measurements-only-for-links-of-measurements-only",
        "ENCRYPTION_KEY": "for-numbers-of-measurements-only-for-numbers-of-measurements",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": f"http://localhost:{port}",
        "DEFAULT_FROM_EMAIL": "kunjungan@contoh.invalid",
        "BEHIND_PROXY": "false",
        "SECURE_SSL_REDIRECT": "false",
        "SECOND_FACTOR_REQUIRED": "false",
    }


def _report(found: bars.Bars, addresses: tuple[str, ...], site: str, directory: Path, runs: int) -> None:
    found.heading(f"Pages on a slow phone as Lighthouse plays it, median of {runs} runs")
    print(f"{'page':<52}" + "".join(f"{name:>16}" for name in LEAST))
    for address in addresses:
        marks = _marks_or_none(site + address, directory / "report.json", runs)
        line = ""
        for name, least in LEAST.items():
            if name == "seo" and address not in PAGES:
                line += f"{'–':>16}"
                continue
            mark = marks and statistics.median(one[name] for one in marks)
            found.add(f"{address}: {name}", mark, least=least)
            line += f"{'not measured' if mark is None else mark:>16}"
        print(f"{address:<52}{line}", flush=True)


def _marks_or_none(address: str, report: Path, runs: int) -> list[dict[str, int]] | None:
    """The marks of each run; None if Lighthouse failed twice at this page."""
    marks, failures = [], 0
    while len(marks) < runs:
        try:
            marks.append(_marks(address, report))
        except LighthouseFailed as error:
            failures += 1
            print(f"Lighthouse failed at {address}: {error}", file=sys.stderr)
            if failures > 1:
                return None
    return marks


def _marks(address: str, report: Path) -> dict[str, int]:
    """The marks of one run, from 0 to 100.

    Raises:
        LighthouseFailed: it did not end well or not in time, or gave no mark.
    """
    report.unlink(missing_ok=True)
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", flags, "--output=json", f"--output-path={report}"]
    environment = {**os.environ, "CHROME_PATH": chromium()}
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, start_new_session=True, **pipes) as process:
        try:
            _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as error:
            # With its Chromium, which is a process of the same group.
            os.killpg(process.pid, signal.SIGKILL)
            raise LighthouseFailed(f"no answer in {PATIENCE_SECONDS} seconds") from error
    if process.returncode or not report.exists():
        raise LighthouseFailed(errors.strip()[-500:] or f"exit status {process.returncode}")
    categories = json.loads(report.read_text())["categories"]
    scores = {name: categories[name]["score"] for name in LEAST}
    if None in scores.values():
        raise LighthouseFailed(f"no mark for {', '.join(name for name, score in scores.items() if score is None)}")
    return {name: round(100 * score) for name, score in scores.items()}


if __name__ == "__main__":
    sys.exit(main())

"""Measure certificates: CPU time of each way in interleaved runs, size of the files, memory over many, one in a warm worker.

    python -m bench.documents [--people 60] [--rounds 3] [--renders 600]

Each run is a fresh process, so nobody profits from another's caches. reportlab and typst come with the extra ``bench``; the
ways whose package is not installed are left out and said so.
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import django

BARS = {
    "weasyprint, woff2": ("at least", 12.0),
    "weasyprint, ttf": ("at least", 5.0),
    "reportlab": ("at least", 2.0),
    "typst": ("at least", 1 / 3.5),
}
LARGEST_KIB = 110
# So many papers until the allocator has found its size.
WARM = 180
LARGEST_GROWTH_MIB = 5
LARGEST_START_MIB = 110
SLOWEST_PREVIEW_MS = 100
# Drawn, sealed and checked, one after the other on one core.
SLOWEST_DELEGATION_S = 4
DELEGATION = 60


def main() -> int:
    """Run all contestants in turns and print a table; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--people", type=int, default=60)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--renders", type=int, default=600)
    options.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings.test")
    django.setup()
    if chosen.child:
        print(json.dumps(_measure(chosen.child[0], Path(chosen.child[1]), chosen.people)))
        return 0
    return _report(chosen)


def _report(chosen) -> int:
    from bench.documents.contestants import CONTESTANTS, prepare

    names = [name for name in CONTESTANTS if name not in {"reportlab", "typst"} or importlib.util.find_spec(name)]
    print("Left out, not installed (pip install '.[bench]'):", ", ".join(set(CONTESTANTS) - set(names)) or "none")
    results = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as directory:
        prepare(Path(directory))
        for number in range(chosen.rounds):
            for name in names:
                print(f"round {number + 1}: {name}", file=sys.stderr)
                results[name].append(_in_child(name, directory, chosen.people))
        memory = _in_child("memory", directory, chosen.renders)
        preview = _in_child("preview", directory, 20)
        sealed = [_in_child("sealed", directory, DELEGATION) for _round in range(chosen.rounds)]
    ours = statistics.median(run["cpu_ms"] for run in results["ours"])
    missed = False
    print(f"\n{chosen.people} certificates, CPU ms each, median of {chosen.rounds} interleaved runs (lowest–highest)")
    for name in names:
        times = [run["cpu_ms"] for run in results[name]]
        ratio = statistics.median(times) / ours
        verdict = ""
        if name in BARS:
            verdict = f"bar {BARS[name][1]:.2f}: {'held' if ratio >= BARS[name][1] else 'MISSED'}"
            missed |= ratio < BARS[name][1]
        kib = statistics.median(run["kib"] for run in results[name])
        print(
            f"{name:20} {statistics.median(times):8.1f} ({min(times):.1f}–{max(times):.1f})  {ratio:6.2f} × ours  {kib:6.0f} KiB  {verdict}"
        )
    checks = [
        ("size of a file, KiB", results["ours"][0]["kib"], LARGEST_KIB),
        (
            f"{DELEGATION} certificates drawn, sealed and checked, CPU s",
            statistics.median(run["cpu_s"] for run in sealed),
            SLOWEST_DELEGATION_S,
        ),
        ("size of a sealed file, KiB", sealed[0]["kib"], LARGEST_KIB),
        ("memory that drawing adds to the idle worker, MiB", memory["added_mib"], LARGEST_START_MIB),
        (f"growth over {chosen.renders} more when warm, MiB", memory["growth_mib"], LARGEST_GROWTH_MIB),
        ("one preview in a warm worker, CPU ms", preview["cpu_ms"], SLOWEST_PREVIEW_MS),
    ]
    for what, value, most in checks:
        missed |= value > most
        print(f"{what}: {value:.1f} (at most {most}: {'held' if value <= most else 'MISSED'})")
    return int(missed)


def _in_child(name: str, directory: str, people: int) -> dict:
    command = [sys.executable, "-m", "bench.documents", "--people", str(people), "--child", name, directory]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def _measure(name: str, directory: Path, count: int) -> dict:
    from bench.documents.content import people
    from bench.documents.contestants import CONTESTANTS, certificate

    if name == "memory":
        return _memory(count)
    if name == "sealed":
        return _sealed(count, directory)
    delegates = people(count)
    if name == "preview":
        certificate.draw_alone(delegates[0])
        spent = []
        for number, delegate in enumerate(delegates):
            # As in the preview of a template: staff changed a word, so nothing that was laid out before can be used.
            changed = replace(delegate, deed_id=f"atas kunjungannya yang ke-{number}", deed_en=f"for visit number {number}")
            before = time.process_time()
            certificate.draw_alone(changed)
            spent.append(time.process_time() - before)
        return {"cpu_ms": 1000 * statistics.median(spent)}
    if name != "reportlab" and name != "typst":
        # Loading a library happens once in a worker's life, in all ways alike.
        import weasyprint  # noqa: F401 -- loaded, not used
    before = time.process_time()
    sizes = [len(paper) for paper in CONTESTANTS[name](delegates, directory)]
    return {"cpu_ms": 1000 * (time.process_time() - before) / count, "kib": statistics.mean(sizes) / 1024}


def _memory(count: int) -> dict:
    """Resident memory of an idle worker with its library loaded, when warm, and after so many more; nothing drawn is kept."""
    from bench.documents.content import people
    from knowledge_hub.papers import renderer
    from visits.documents.certificate import render_certificates

    renderer()
    delegates = people(60)
    before = _resident_mib()
    for _time in range(WARM // 60):
        for _paper in render_certificates(delegates):
            pass
    warm = _resident_mib()
    for _time in range(count // 60):
        for _paper in render_certificates(delegates):
            pass
    return {"added_mib": warm - before, "growth_mib": _resident_mib() - warm}


def _sealed(count: int, directory: Path) -> dict:
    """CPU seconds for a delegation in a worker that has its libraries and key loaded, as after its first certificate."""
    import datetime as dt

    from bench.documents.content import people
    from visits.documents import signing
    from visits.documents.certificate import render_certificates
    from visits.documents.signing.authority import make_authority
    from visits.documents.signing.local import LocalSigner

    key = directory / f"seal-{os.getpid()}.p12"
    make_authority(key, "bench", organisation="Pemerintah Kota Contoh", now=dt.datetime.now(dt.UTC))
    signer = LocalSigner.open(key, "bench")
    delegates = people(count)

    def issue(contents) -> list[int]:
        drawn = [signing.Drawn(number, pdf, reason="bench") for number, pdf in enumerate(render_certificates(contents))]
        sealed = list(signer.seal(drawn, signing.Secrets()))
        for answer, paper in zip(sealed, drawn, strict=True):
            signing.check_issued(answer.pdf, paper.pdf, signer.level)
        return [len(answer.pdf) for answer in sealed]

    issue(delegates[:1])
    before = time.process_time()
    sizes = issue(delegates)
    return {"cpu_s": time.process_time() - before, "kib": statistics.mean(sizes) / 1024}


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    sys.exit(main())

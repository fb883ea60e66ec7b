"""Measure certificates: CPU time of each way in interleaved runs, size of the files, memory over many, one in a warm worker.

    python -m bench documents [--people 60] [--rounds 3] [--renders 600] [--quick]

Each run is a fresh process, so nobody profits from another's caches. The ways whose package (reportlab, typst) is not installed
are left out; their bars count as missed.
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

from bench import bars

TIMES_OURS = {"weasyprint, woff2": 12, "weasyprint, ttf": 5, "reportlab": 2, "typst": 1 / 3.5}
"""The least CPU time of each other way × ours."""
SEALED = 9.3
"""CPU time of certificates drawn, sealed and checked, one after the other × drawing them alone; at most."""
PREVIEW = 0.63
"""CPU time of one preview × a certificate drawn in the naive way with static TrueType fonts; at most."""
PREVIEWS = 20
LARGEST_KIB = 110
# So many papers until the allocator has found its size.
WARM = 180
LARGEST_GROWTH_MIB = 5
LARGEST_START_MIB = 110


def main() -> int:
    """Run all contestants in turns and print a table; 1 when a bar is missed."""
    options = bars.parser("documents", __doc__)
    options.add_argument("--people", type=int, default=60, help="size of the delegation")
    options.add_argument("--rounds", type=int, default=3, help="how often each way draws it")
    options.add_argument("--renders", type=int, default=600, help="certificates over which memory may not grow")
    options.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    chosen = bars.parse(options, people=3, rounds=1, renders=60)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings.test")
    django.setup()
    if chosen.child:
        print(json.dumps(_measure(chosen.child[0], Path(chosen.child[1]), chosen.people)))
        return 0
    return _report(chosen)


def _report(chosen) -> int:
    from bench.documents.contestants import CONTESTANTS, prepare

    found = bars.Bars("documents", judged=not chosen.quick)
    names = [name for name in CONTESTANTS if name not in {"reportlab", "typst"} or importlib.util.find_spec(name)]
    print("Left out, not installed (requirements/install.sh bench):", ", ".join(set(CONTESTANTS) - set(names)) or "none")
    results = {name: [] for name in (*names, "sealed", "preview")}
    with tempfile.TemporaryDirectory() as directory:
        prepare(Path(directory))
        for number in range(chosen.rounds):
            for name in results:
                print(f"round {number + 1}: {name}", file=sys.stderr)
                results[name].append(_in_child(name, directory, PREVIEWS if name == "preview" else chosen.people))
        memory = _in_child("memory", directory, chosen.renders)
    cpu = {name: statistics.median(run["cpu_ms"] for run in runs) for name, runs in results.items()}
    found.heading(f"{chosen.people} certificates, CPU ms each, median of {chosen.rounds} interleaved runs [lowest–highest]")
    for name, runs in results.items():
        times = [run["cpu_ms"] for run in runs]
        kib = statistics.median(run["kib"] for run in runs)
        print(f"{name:20} {cpu[name]:8.1f} [{min(times):.1f}–{max(times):.1f}]  {cpu[name] / cpu['ours']:6.2f} × ours  {kib:6.0f} KiB")
    for name, least in TIMES_OURS.items():
        found.add(f"{name} × ours", cpu[name] / cpu["ours"] if name in cpu else None, least=least)
    found.add(f"{chosen.people} drawn, sealed and checked × drawing alone", cpu["sealed"] / cpu["ours"], most=SEALED)
    found.add("one preview × one certificate drawn naively with TrueType", cpu["preview"] / cpu["weasyprint, ttf"], most=PREVIEW)
    found.add("size of a file", results["ours"][0]["kib"], most=LARGEST_KIB, suffix=" KiB")
    found.add("size of a sealed file", results["sealed"][0]["kib"], most=LARGEST_KIB, suffix=" KiB")
    found.add("memory that drawing adds to the idle worker", memory["added_mib"], most=LARGEST_START_MIB, suffix=" MiB")
    found.add(f"growth over {chosen.renders} more when warm", memory["growth_mib"], most=LARGEST_GROWTH_MIB, suffix=" MiB")
    return found.end()


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
        spent, sizes = [], []
        for number, delegate in enumerate(delegates):
            # As in the preview of a template: staff changed a word, so nothing that was laid out before can be used.
            changed = replace(delegate, deed_id=f"atas kunjungannya yang ke-{number}", deed_en=f"for visit number {number}")
            before = time.process_time()
            sizes.append(len(certificate.draw_alone(changed)))
            spent.append(time.process_time() - before)
        return {"cpu_ms": 1000 * statistics.median(spent), "kib": statistics.mean(sizes) / 1024}
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
    """CPU time of each certificate in a worker that has its libraries and key loaded, as after its first certificate."""
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
    return {"cpu_ms": 1000 * (time.process_time() - before) / count, "kib": statistics.mean(sizes) / 1024}


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    sys.exit(main())

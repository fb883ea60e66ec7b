"""Run the measurements: ``python -m bench`` all of them, ``python -m bench documents`` one."""

import subprocess
import sys

AREAS = {
    "booking": "fifty guests at once, a year of availability, a list of 1,000 delegates",
    "checkin": "the page at the door on a phone without network (needs Chromium)",
    "documents": "certificates against other ways to draw them",
    "faults": "workers that are killed while they send mail",
    "lighthouse": "Lighthouse's marks for the public pages on a phone (needs Node)",
    "pages": "pages made anew, and kept pages against a trivial view",
    "search": "the engine, whole backends, stemmers, memory",
}

USAGE = f"""usage: python -m bench [--quick] | AREA [options]

Without an area all of them run, one after the other. The exit status is 1 if a bar is missed.

{chr(10).join(f"  {area:12} {what}" for area, what in AREAS.items())}

  --quick      small sizes and few rounds: does it still run? No bar is judged.

"python -m bench AREA --help" lists the options of an area. Bars and figures: bench/README.md."""


def main(arguments: list[str]) -> int:
    """Run the areas that are asked for, each in a process of its own; 1 when a bar is missed, 2 when the arguments are wrong."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    if arguments in ([], ["--quick"]):
        # All of them, also after one that missed a bar.
        return int(sum(run(area, arguments) for area in AREAS) > 0)
    if arguments[0] not in AREAS:
        print(f"There is no area “{arguments[0]}”. Choose from: {', '.join(AREAS)}.", file=sys.stderr)
        return 2
    return run(arguments[0], arguments[1:])


def run(area: str, arguments: list[str]) -> int:
    """Run one area; returns its exit status."""
    return subprocess.run([sys.executable, "-m", f"bench.{area}", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Runs the measurements: ``python -m bench`` all of them, ``python -m bench documents`` one."""

import runpy
import sys

AREAS = ("booking", "documents", "lighthouse", "pages", "search")

USAGE = f"""python -m bench [AREA] [options of the area]

Areas: {", ".join(AREAS)}; all of them without one. What each measures and its options: bench/README.md."""

if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv[1:2]):
        print(USAGE)
        sys.exit()
    chosen = [area for area in sys.argv[1:2] if area in AREAS]
    if sys.argv[1:2] and not chosen:
        sys.exit(f"There is no measurement “{sys.argv[1]}”. Choose from: {', '.join(AREAS)}.")
    arguments = sys.argv[2:]
    missed = False
    for area in chosen or AREAS:
        sys.argv = [f"bench.{area}", *arguments]
        try:
            runpy.run_module(f"bench.{area}", run_name="__main__")
        except SystemExit as end:
            missed |= bool(end.code)
    sys.exit(int(missed))

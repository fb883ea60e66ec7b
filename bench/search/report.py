"""Tables of what was measured, and which bars are held."""

import datetime as dt
import os

from bench.search import backend_run, engine_run, memory_run


class Report:
    """Prints tables and remembers whether a bar was missed."""

    def __init__(self, how: str, missing: list[str]):
        self.bars: list[tuple[str, str, str, bool]] = []
        self._by_size: dict[str, dict[int, float]] = {}
        print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {_load()}: python -m bench search {how}")
        for name in missing:
            print(f"Not installed, and what is compared with it not measured: {name}")

    def bar(self, what: str, measured: float | None, limit: float | None, *, at_least: bool = False, unit: str = "") -> None:
        """Note one bar; None for what could not be measured. Without a limit nothing is asked."""
        if limit is None:
            return
        sign = "≥" if at_least else "≤"
        held = measured is not None and (measured >= limit if at_least else measured <= limit)
        shown = "not measured" if measured is None else f"{measured:,.2f}{unit}"
        self.bars.append((what, shown, f"{sign} {limit:g}{unit}", held))

    def engine(self, count: int, found: dict) -> None:
        """Our engine alone against FTS5 and tantivy."""
        print(f"\n## Engine alone, {count:,} documents: milliseconds, median (p95) [lowest–highest median of a round]")
        for kind, times in found["times"].items():
            print(f"{kind:20} " + "   ".join(f"{name} {one}" for name, one in times.items()))
            self._by_size.setdefault(kind, {})[count] = times["ours"].median
            self._against_others(count, kind, times)
        for name, (wall, cpu) in found["build"].items():
            print(f"build, {name}: {wall:,.0f} documents a second, {cpu:,.0f} a second of CPU time")
        for name, one in found["update"].items():
            print(f"update visible, {name}: {one}")
        print(f"a term never seen before: {found['cold']}")
        print("size in MiB: " + ", ".join(f"{name} {size:.0f}" for name, size in found["megabytes"].items()))
        if found["build"] and count == 10_000:
            self.bar(
                "build, documents a second of CPU time, engine, 10,000", found["build"]["ours"][1], engine_run.BUILD_RATE, at_least=True
            )
        if count == 100_000:
            self.bar("term never seen, p95, 100,000", found["cold"].p95, engine_run.COLD_MS, unit=" ms")
        if count == 10_000:
            self.bar("update visible, median, 10,000", found["update"]["ours"].median, engine_run.VISIBLE_MS, unit=" ms")

    def _against_others(self, count: int, kind: str, times: dict) -> None:
        limits = dict(zip(("FTS5", "tantivy"), engine_run.BARS.get(kind, ()), strict=False))
        if count == 100_000:
            limits = {"FTS5": 1} if limits else {}
        elif count != 10_000:
            return
        for other, limit in limits.items():
            ratio = times["ours"].median / times[other].median if other in times else None
            self.bar(f"{kind}, × {other}, {count:,}", ratio, limit)

    def backend(self, count: int, database: str, found: dict | None) -> None:
        """Whole backends; None if there is no database of that kind."""
        if found is None:
            if count == 10_000:
                for kind, (most, _) in backend_run.BARS.items():
                    self.bar(f"{kind}, backend, 10,000", None, most, unit=" ms")
            return
        print(f"\n## Whole backend with {database}, {count:,} entries: milliseconds, median (p95) [lowest–highest median of a round]")
        for kind, times in found["times"].items():
            print(f"{kind:26} " + "   ".join(f"{name} {one}" for name, one in times.items()))
            if count != 10_000 or database != "PostgreSQL":
                continue
            most, factor = backend_run.BARS[kind]
            self.bar(f"{kind}, backend, 10,000", times["ours"].median, most, unit=" ms")
            if factor:
                other = next(one for name, one in times.items() if name != "ours")
                self.bar(f"{kind}, PostgreSQL's × ours, 10,000", other.median / times["ours"].median, factor, at_least=True)
        for name, (wall, cpu) in found["build"].items():
            print(f"rebuild, {name}: {wall:,.0f} entries a second, {cpu:,.0f} a second of CPU time")
        if count == 10_000 and database == "PostgreSQL":
            self.bar(
                "rebuild, entries a second of CPU time, backend, 10,000", found["build"]["ours"][1], backend_run.BUILD_RATE, at_least=True
            )

    def stemmers(self, found: dict) -> None:
        """Stemmers on the lists of the tests."""
        print("\n## Stemmers")
        for name, one in found.items():
            lists = "; ".join(
                f"{which} list: {part['met']} of {part['pairs']} pairs meet, {part['wrong']} of {part['strangers']} strangers too"
                for which, part in one["lists"].items()
            )
            print(f"{name:22} {lists}; {one['rate']:,.0f} new words a second")
        for which, part in found["ours"]["lists"].items():
            self.bar(f"pairs of the {which} list that meet, %", 100 * part["met"] / part["pairs"], 98, at_least=True)
            self.bar(f"strangers of the {which} list that meet", part["wrong"], 2)

    def memory(self, found: dict[int, dict]) -> None:
        """Memory of a web process, by number of documents."""
        print("\n## Resident memory of a web process, MiB")
        for count, one in found.items():
            print(f"{count:>9,} documents: {one['before']:.0f} before the index, {one['after']:.0f} with it warm")
            if count == memory_run.LARGEST:
                self.bar("web process, 100,000 warm", one["after"], memory_run.BAR_MIB, unit=" MiB")

    def growth(self) -> None:
        """How our engine's medians grow with the number of documents."""
        sizes = sorted({size for one in self._by_size.values() for size in one})
        if len(sizes) < 2:
            return
        print("\n## Growth of our engine: milliseconds, median")
        print(f"{'documents':20}" + "".join(f"{size:>12,}" for size in sizes) + "      growth")
        for kind, one in self._by_size.items():
            print(f"{kind:20}" + "".join(f"{one[size]:12.3f}" for size in sizes) + f"{one[sizes[-1]] / one[sizes[0]]:11.1f}×")

    def verdict(self) -> int:
        """Print all bars; returns how many were missed."""
        self.growth()
        print(f"\n## Bars ({_load()})")
        for what, measured, limit, held in self.bars:
            print(f"{'held  ' if held else 'MISSED'}  {what:55} {measured:>12}  {limit}")
        return sum(not held for *_, held in self.bars)


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} over the last minute"

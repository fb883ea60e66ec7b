"""Tables of what was measured, and their bars."""

from bench.bars import Bars
from bench.search import backend_run, engine_run, memory_run


class Report:
    """Prints tables and notes bars.

    Args:
        bars: the bars of the run.
        missing: what is not installed.
    """

    def __init__(self, bars: Bars, missing: list[str]):
        self.bars = bars
        self._by_size: dict[str, dict[int, float]] = {}
        for name in missing:
            print(f"Not installed, and what is compared with it not measured: {name}")

    def engine(self, count: int, found: dict) -> None:
        """Our engine alone against FTS5 and tantivy."""
        self.bars.heading(f"Engine alone, {count:,} documents: milliseconds, median (p95) [lowest–highest median of a round]")
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
        if count == 10_000:
            if found["build"]:
                rate = found["build"]["ours"][1] / found["build"]["FTS5"][1]
                self.bars.add("build, documents per CPU second × FTS5, 10,000", rate, least=engine_run.BUILD)
            update = found["update"]["ours"].median / found["update"][engine_run.BARE].median
            self.bars.add(f"update visible × {engine_run.BARE}, 10,000", update, most=engine_run.VISIBLE)
        if count == 100_000:
            cold = found["cold"].p95 / found["times"]["one word"]["FTS5"].median
            self.bars.add("term never seen, p95 × FTS5's one word, 100,000", cold, most=engine_run.COLD)

    def _against_others(self, count: int, kind: str, times: dict) -> None:
        limits = dict(zip(("FTS5", "tantivy"), engine_run.BARS.get(kind, ()), strict=False))
        if count == 100_000:
            limits = {"FTS5": 1} if limits else {}
        elif count != 10_000:
            return
        for other, limit in limits.items():
            ratio = times["ours"].median / times[other].median if other in times else None
            self.bars.add(f"{kind} × {other}, {count:,}", ratio, most=limit)

    def backend(self, count: int, database: str, found: dict | None) -> None:
        """Whole backends; None if there is no database of that kind."""
        judged = count == 10_000 and database == "PostgreSQL"
        if found is None:
            if judged:
                for kind, (most, _) in backend_run.BARS.items():
                    self.bars.add(f"{kind}, backend × its SQL, 10,000", None, most=most)
            return
        self.bars.heading(
            f"Whole backend with {database}, {count:,} entries: milliseconds, median (p95) [lowest–highest median of a round]"
        )
        for kind, times in found["times"].items():
            print(f"{kind:30} " + "   ".join(f"{name} {one}" for name, one in times.items()))
            if judged and kind in backend_run.BARS:
                most, least = backend_run.BARS[kind]
                self.bars.add(f"{kind}, backend × its SQL, 10,000", times["ours"].median / times[backend_run.SQL].median, most=most)
                if least:
                    other = times[backend_run.WAGTAIL].median / times["ours"].median
                    self.bars.add(f"{kind}, Wagtail's on PostgreSQL × ours, 10,000", other, least=least)
        for name, (wall, cpu) in found["build"].items():
            print(f"rebuild, {name}: {wall:,.0f} entries a second, {cpu:,.0f} a second of CPU time")
        if judged:
            rate = found["build"]["ours"][1] / found["build"]["FTS5"][1]
            self.bars.add("rebuild, entries per CPU second × FTS5, 10,000", rate, least=backend_run.BUILD)

    def stemmers(self, found: dict) -> None:
        """Stemmers on the lists of the tests."""
        self.bars.heading("Stemmers")
        for name, one in found.items():
            lists = "; ".join(
                f"{which} list: {part['met']} of {part['pairs']} pairs meet, {part['wrong']} of {part['strangers']} strangers too"
                for which, part in one["lists"].items()
            )
            print(f"{name:22} {lists}; {one['rate']:,.0f} new words a second")
        for which, part in found["ours"]["lists"].items():
            self.bars.add(f"pairs of the {which} list that meet", 100 * part["met"] / part["pairs"], least=98, suffix=" %")
            self.bars.add(f"strangers of the {which} list that meet", part["wrong"], most=2)

    def memory(self, found: dict[int, dict]) -> None:
        """Memory of a web process, by number of documents."""
        self.bars.heading("Resident memory of a web process, MiB")
        for count, one in found.items():
            print(f"{count:>9,} documents: {one['before']:.0f} before the index, {one['after']:.0f} with it warm")
            if count == memory_run.LARGEST:
                self.bars.add("web process, 100,000 warm", one["after"], most=memory_run.BAR_MIB, suffix=" MiB")

    def growth(self) -> None:
        """How our engine's medians grow with the number of documents."""
        sizes = sorted({size for one in self._by_size.values() for size in one})
        if len(sizes) < 2:
            return
        self.bars.heading("Growth of our engine: milliseconds, median")
        print(f"{'documents':20}" + "".join(f"{size:>12,}" for size in sizes) + "      growth")
        for kind, one in self._by_size.items():
            print(f"{kind:20}" + "".join(f"{one[size]:12.3f}" for size in sizes) + f"{one[sizes[-1]] / one[sizes[0]]:11.1f}×")

"""Looks for known weaknesses of the pinned packages and for secrets in the repository (`make audit`).

Packages are looked up at OSV (https://osv.dev); OSV_URL names a mirror. What could not be asked counts as failed: silence is no pass.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
OSV = os.environ.get("OSV_URL") or "https://api.osv.dev"
TIMEOUT = 60
AT_ONCE = 500
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)

SECRETS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b"),
    "access token": re.compile(r"\b(?:gh[pousr]_\w{36}|github_pat_\w{50,}|glpat-[\w-]{20}|xox[baprs]-[\w-]{10,}|sk_live_\w{20,})"),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "password in an address": re.compile(r"\b[a-z]+://[^\s:/@\"']+:(?!password@|\{|%|\$)[^\s:/@\"']{6,}@"),
}
ASSIGNED = re.compile(r"(?i)(?:secret|password|passphrase|token|api_?key)\w*\s*[:=]\s*[\"']([^\"'\s]{20,})[\"']")
RANDOM = 4.0
"""Bits of entropy for each character, above which a text is taken for a random one; words stay below."""

KNOWN = ("-----BEGIN PRIVATE KEY-----", "kata-sandi", "rahasia", "for-tests-only", "development-only", "user:secret@")
"""Parts of lines that are no secrets: examples, and settings of tests and development."""


def pins() -> list[tuple[str, str]]:
    """Names and versions of all packages that any list pins."""
    return sorted({pin for file in HERE.glob("*.txt") for pin in PIN.findall(file.read_text(encoding="utf-8"))})


def weaknesses(packages: list[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each package with a known weakness.

    Raises:
        OSError: the database cannot be reached.
        ValueError: its answer is incomplete.
    """
    for start in range(0, len(packages), AT_ONCE):
        part = packages[start : start + AT_ONCE]
        asked = {"queries": [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in part]}
        request = urllib.request.Request(f"{OSV}/v1/querybatch", json.dumps(asked).encode(), {"Content-Type": "application/json"})  # noqa: S310 -- OSV or its mirror
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 -- the same
            results = json.load(answer).get("results", [])
        if len(results) != len(part):
            raise ValueError(f"{len(results)} answers to {len(part)} questions")
        for (name, version), result in zip(part, results, strict=True):
            if found := ", ".join(entry["id"] for entry in (result or {}).get("vulns", [])):
                yield f"{name} {version}: {found}"


def secrets(lines: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each line that looks like a secret; lines come with the place where they stand. The secret itself is not shown."""
    for place, line in lines:
        if any(part in line for part in KNOWN):
            continue
        kind = next((kind for kind, pattern in SECRETS.items() if pattern.search(line)), "")
        assigned = ASSIGNED.search(line)
        if kind or (assigned and _is_random(assigned[1])):
            yield f"{place}: {kind or 'a random text assigned to a secret'}"


def _is_random(text: str) -> bool:
    entropy = -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
    return entropy > RANDOM and any(letter.isdigit() for letter in text)


def lines_of_repository() -> Iterator[tuple[str, str]]:
    """Every line that was ever added, with commit and file."""
    command = ["git", "log", "--all", "--no-color", "--unified=0", "--format=commit %h", "-p", "--", ".", ":!*.po", ":!static/vendor"]
    commit = file = ""
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, errors="replace") as log:  # noqa: S603 -- git itself
        for line in log.stdout or ():
            if line.startswith("commit "):
                commit = line.split()[1]
            elif line.startswith("+++ "):
                file = line[6:].strip()
            elif line.startswith("+"):
                yield f"{commit} {file}", line[1:]
    if log.returncode:
        raise OSError("git log failed")


def main() -> int:
    """Print what was found; 0 if nothing, 1 if something, 2 if the audit is incomplete."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    say = sys.stdout.write
    found, incomplete = [], False
    for what, look in (("packages", lambda: weaknesses(pins())), ("secrets", lambda: secrets(lines_of_repository()))):
        try:
            here = list(look())
        except (OSError, ValueError, KeyError) as error:
            say(f"✗ {what}: NOT audited ({error})\n")
            incomplete = True
            continue
        say("".join(f"✗ {sentence}\n" for sentence in here) or f"✓ {what}: nothing found\n")
        found += here
    return 2 if incomplete else bool(found)


if __name__ == "__main__":
    sys.exit(main())

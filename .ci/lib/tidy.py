"""Runs clang-tidy over our translation units; those that passed before with the same content are skipped.

The key of a unit is a hash of its command line, of .clang-tidy, of clang-tidy's version and of every
file that it includes by #include "...", ours and generated ones. So build/dev must be configured and
its lscp_generated built, nothing more. Passed keys are kept in build/tidy.

Tests are left out: with gtest's headers they take as long as all the rest, and running them says more.
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

BUILD = pathlib.Path("build/dev")
PASSED = pathlib.Path("build/tidy")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


@functools.lru_cache(maxsize=None)
def digest_of(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).digest()


def our_units():
    """Entries of compile_commands.json that are sources of this repository, not tests or generated."""
    root = pathlib.Path.cwd()
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if (source.is_relative_to(root) and not source.is_relative_to(root / "build")
                and not source.name.endswith("_test.cc")):
            yield entry | {"name": str(source.relative_to(root))}


def include_directories(command):
    """Directories of ours or of generated files in which the command looks for headers."""
    words = shlex.split(command)
    named = [word[2:] for word in words if word.startswith("-I")]
    named += [after for word, after in zip(words, words[1:]) if word == "-isystem"]
    return tuple(name for name in named if pathlib.Path(name).is_relative_to(pathlib.Path.cwd()))


@functools.lru_cache(maxsize=None)
def included_by(path, directories):
    """The files that one file includes by name in quotes, those of libraries left out."""
    found = []
    for name in INCLUDE.findall(pathlib.Path(path).read_text(encoding="utf-8")):
        for directory in (os.path.dirname(path), *directories):
            candidate = os.path.join(directory, name)
            if os.path.exists(candidate):
                found.append(os.path.normpath(candidate))
                break
    return found


def all_included_by(source, directories):
    """The source and all that it includes, directly or not."""
    seen, pending = {source}, [source]
    while pending:
        for path in included_by(pending.pop(), directories):
            if path not in seen:
                seen.add(path)
                pending.append(path)
    return seen


def key_of(entry, common):
    whole = hashlib.sha256(common)
    whole.update(entry["command"].encode())
    for path in sorted(all_included_by(entry["file"], include_directories(entry["command"]))):
        whole.update(path.encode())
        whole.update(digest_of(path))
    return whole.hexdigest()


def run(entry, extra):
    """Findings of one unit as text; None when there are none."""
    started = time.monotonic()
    done = subprocess.run(
        ["clang-tidy", "-p", BUILD, "--quiet", *extra, entry["file"]],
        capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    return (done.stdout or done.stderr) if done.returncode else None, seconds


def pending_units():
    version = subprocess.run(
        ["clang-tidy", "--version"], check=True, capture_output=True).stdout
    common = version + pathlib.Path(".clang-tidy").read_bytes()
    for entry in our_units():
        entry["key"] = key_of(entry, common)
        if not (PASSED / entry["key"]).exists():
            yield entry


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fix", action="store_true", help="apply the fixes that clang-tidy offers")
    arguments = parser.parse_args()

    PASSED.mkdir(parents=True, exist_ok=True)
    pending = list(pending_units())
    # Fixes of a header must not be applied twice at once.
    workers = 1 if arguments.fix else os.cpu_count()
    extra = ["--fix"] if arguments.fix else []
    print(f"    {len(pending)} units to look at", file=sys.stderr)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        waiting = {pool.submit(run, entry, extra): entry for entry in pending}
        for number, future in enumerate(concurrent.futures.as_completed(waiting), 1):
            entry, (findings, seconds) = waiting[future], future.result()
            print(f"    [{number}/{len(pending)}] {entry['name']} {seconds:.1f} s", file=sys.stderr)
            if findings is None:
                (PASSED / entry["key"]).touch()
            else:
                print(findings)
                failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs clang-tidy over our translation units; those that passed before with the same content are skipped.

The key of a unit is a hash of its command line, of .clang-tidy, of clang-tidy's version and of every
file that it includes, as ninja recorded them in the last build. So build/dev must be up to date.
Passed keys are kept in build/tidy.
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

BUILD = pathlib.Path("build/dev")
PASSED = pathlib.Path("build/tidy")


@functools.lru_cache(maxsize=None)
def digest_of(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).digest()


def our_units():
    """Entries of compile_commands.json that are sources of this repository, not generated ones."""
    root = pathlib.Path.cwd()
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if source.is_relative_to(root) and not source.is_relative_to(root / "build"):
            words = shlex.split(entry["command"])
            yield entry | {
                "name": str(source.relative_to(root)),
                "object": words[words.index("-o") + 1],
            }


def recorded_includes():
    """Object file -> the files it was made from."""
    listing = subprocess.run(
        ["ninja", "-C", BUILD, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    includes, files = {}, []
    for line in listing.splitlines():
        if line.startswith(" "):
            files.append(line.strip())
        elif ": #deps" in line:
            files = includes[line.split(": #deps")[0]] = []
    return includes


def key_of(entry, includes, common):
    whole = hashlib.sha256(common)
    whole.update(entry["command"].encode())
    directory = pathlib.Path(entry["directory"])
    for path in sorted([entry["file"], *includes]):
        whole.update(path.encode())
        whole.update(digest_of(directory / path))
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
    includes = recorded_includes()
    version = subprocess.run(
        ["clang-tidy", "--version"], check=True, capture_output=True).stdout
    common = version + pathlib.Path(".clang-tidy").read_bytes()
    for entry in our_units():
        if entry["object"] not in includes:
            sys.exit(f"{entry['name']} has not been built: run ./lscp build dev first")
        entry["key"] = key_of(entry, includes[entry["object"]], common)
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

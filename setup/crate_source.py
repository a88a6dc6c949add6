#!/usr/bin/env python3
"""Downloads a crate's archive from crates.io (or the index that CARGO_REGISTRIES_CRATES_IO_INDEX names).

    crate_source.py NAME VERSION DIRECTORY

Debian's cargo would fetch the index of everything first. Source of the protocol:
https://doc.rust-lang.org/cargo/reference/registry-index.html (sparse form, index configuration).
The archive is not trusted: setup/third-party compares its SHA-256 with the lock.
"""
import json
import os
import pathlib
import sys
import urllib.parse
import urllib.request

name, version, directory = sys.argv[1:]
index = os.environ.get("CARGO_REGISTRIES_CRATES_IO_INDEX", "sparse+https://index.crates.io/")
index = index.removeprefix("sparse+").rstrip("/")


def read(url):
    # The registry refuses clients that do not say who they are.
    request = urllib.request.Request(url, headers={"User-Agent": "weir setup"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return answer.read()


download = json.loads(read(f"{index}/config.json"))["dl"]
if "{" in download:
    sys.exit(f"{index} has a form of download address that this script does not know: {download}")
pathlib.Path(directory, f"{name}-{version}.crate").write_bytes(
    read(f"{download}/{name}/{urllib.parse.quote(version)}/download"))

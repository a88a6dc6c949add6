#!/usr/bin/env python3
"""Downloads a package's source archive from PyPI (or the index that PIP_INDEX_URL names), without building it.

    pypi_source.py NAME VERSION DIRECTORY

pip has no such command: `pip download` builds a source archive, with all that its build needs, to learn its metadata.
Source of the protocol: https://packaging.python.org/en/latest/specifications/simple-repository-api/ (JSON form).
The archive is not trusted: setup/third-party compares its SHA-256 with the lock.
"""
import json
import os
import pathlib
import re
import sys
import urllib.parse
import urllib.request

name, version, directory = sys.argv[1:]
index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
page = f"{index}/{re.sub(r'[-_.]+', '-', name).lower()}/"
request = urllib.request.Request(page, headers={"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.1"})
with urllib.request.urlopen(request, timeout=60) as answer:
    text = answer.read().decode()
    if "json" in answer.headers.get_content_type():
        urls = [file["url"] for file in json.loads(text)["files"]]
    else:  # an index that only knows the older form
        urls = re.findall(r'href="([^"#]+)', text)
wanted = re.compile(re.sub(r"[-_.]", "[-_.]", name) + "-" + re.escape(version) + r"\.tar\.gz", re.I)
for url in urls:
    file = url.rsplit("/", 1)[-1]
    if wanted.fullmatch(file):
        with urllib.request.urlopen(urllib.parse.urljoin(page, url), timeout=300) as answer:
            pathlib.Path(directory, file).write_bytes(answer.read())
        sys.exit(0)
sys.exit(f"{page} has no source archive of {name} {version}")

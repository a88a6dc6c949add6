#!/usr/bin/env python3
"""Every staged verdict's JUnit XML (tests/golden/expected) is valid, and red where the verdict is."""
import pathlib
import sys

import junit_files

EXPECTED = {"good": "pass", "bad": "fail", "doubtful": "invalid", "empty": "invalid"}
folder = pathlib.Path(__file__).resolve().parents[1] / "golden/expected"
for name, verdict in EXPECTED.items():
    suite = junit_files.read(folder / f"{name}.junit.xml")
    assert suite["verdict"] == verdict, (name, suite)
    assert (suite["failure"] > 0) == (verdict == "fail"), (name, suite)
    assert (suite["error"] > 0) == (verdict == "invalid"), (name, suite)
print(f"{len(EXPECTED)} files are valid JUnit XML")
sys.exit(0)

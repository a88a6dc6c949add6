"""JUnit XML, checked against junit.xsd and read as pipelines read it."""
import pathlib
import subprocess
import xml.etree.ElementTree as ElementTree

SCHEMA = pathlib.Path(__file__).with_name("junit.xsd")


def read(path):
    """The one suite: its counts, its verdict, and how each test ended. An error when it is not valid."""
    done = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, path], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{path.name}: {done.stderr}")
    suite = ElementTree.parse(path).getroot().find("testsuite")
    ended = {"failure": 0, "error": 0, "skipped": 0}
    for test in suite.iter("testcase"):
        for kind in ended:
            ended[kind] += test.find(kind) is not None
    counted = {"failure": suite.get("failures"), "error": suite.get("errors"), "skipped": suite.get("skipped")}
    assert {kind: str(count) for kind, count in ended.items()} == counted, (ended, counted)
    assert int(suite.get("tests")) == len(suite.findall("testcase"))
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    return {"verdict": properties["verdict"], "tests": int(suite.get("tests")), **ended}

#!/usr/bin/env python3
"""Packs pipelines/circleci-orb/src into orb.yml, as `circleci orb pack` does: one file from one per element.

    pack_orb.py      writes pipelines/circleci-orb/orb.yml

Source of the layout: https://circleci.com/docs/orb-author/ ("orb development kit"): src/@orb.yml, a folder for each kind of
element, <<include(file)>> for scripts.
"""
import io
import pathlib
import re

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

ORB = pathlib.Path(__file__).resolve().parents[2] / "pipelines/circleci-orb"
KINDS = ["commands", "jobs", "executors", "examples"]


def yaml():
    made = YAML()
    made.width, made.default_flow_style = 4096, False
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def included(value):
    if isinstance(value, dict):
        return {key: included(each) for key, each in value.items()}
    if isinstance(value, list):
        return [included(each) for each in value]
    found = re.fullmatch(r"<<include\(([\w./-]+)\)>>", value) if isinstance(value, str) else None
    if not found:
        return value
    return LiteralScalarString((ORB / "src" / found[1]).read_text())


def packed():
    reader = YAML(typ="safe")
    orb = reader.load((ORB / "src/@orb.yml").read_text())
    for kind in KINDS:
        files = sorted((ORB / "src" / kind).glob("*.yml"))
        orb[kind] = {file.stem: included(reader.load(file.read_text())) for file in files}
    out = io.StringIO()
    yaml().dump(orb, out)
    return "# Packed from src by tests/pipelines/pack_orb.py.\n" + out.getvalue()


if __name__ == "__main__":
    (ORB / "orb.yml").write_text(packed())

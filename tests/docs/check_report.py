#!/usr/bin/env python3
"""The report document's three descriptions name the same members: document.ts for the page, the JSON Schema for programs, the
handbook page for people. (What Weir writes is held to the schema by tests/peers/reports.py.)

    check_report.py WEIR
"""
import json
import pathlib
import re
import subprocess
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(sys.argv[1]).resolve()
SCHEMA_FILE = ROOT / "docs/formats/report.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text())
TOKEN = re.compile(r'"[^"]*"|[A-Za-z_]\w*\??|[{}\[\]();:|,<>]|\d+')


class Contract:
    """document.ts: interface name -> {member: (optional, type)}; a type is a dict, a list of one, or a text."""

    def __init__(self, text):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
        self.interfaces = {}
        for found in re.finditer(r"export interface (\w+) ", text):
            self.tokens = TOKEN.findall(text, found.end())
            self.at = 0
            self.interfaces[found[1]] = self.members()

    def take(self, wanted=None):
        token = self.tokens[self.at]
        assert wanted in (None, token), f"{wanted} is expected, not {token}"
        self.at += 1
        return token

    def members(self):
        self.take("{")
        members = {}
        while self.tokens[self.at] != "}":
            name = self.take()
            self.take(":")
            members[name.rstrip("?")] = (name.endswith("?"), self.type())
            if self.tokens[self.at] != "}":
                self.take(";")
        self.take("}")
        return members

    def type(self):
        kind = self.alternative()
        while self.tokens[self.at] == "|":
            self.take()
            self.alternative()
            kind = "union"
        return kind

    def alternative(self):
        token = self.tokens[self.at]
        if token == "{":
            kind = self.members()
        elif token in ("[", "("):
            close = {"[": "]", "(": ")"}[token]
            while self.take() != close:
                pass
            kind = "tuple"
        elif token == "Record":
            while self.take() != ">":
                pass
            kind = "record"
        else:
            kind = self.take()
        while self.tokens[self.at] == "[":
            self.take("[")
            self.take("]")
            kind = [kind]
        return kind


def resolved(schema):
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def compare(place, kind, schema, interfaces):
    """What one says and the other does not."""
    schema = resolved(schema)
    if isinstance(kind, list):
        if schema.get("type") != "array":
            yield f"{place}: a list in document.ts, {schema.get('type')} in the schema"
        else:
            yield from compare(f"{place}[]", kind[0], schema.get("items", {}), interfaces)
        return
    if isinstance(kind, str):
        kind = interfaces.get(kind)
    if not isinstance(kind, dict):
        return
    properties = schema.get("properties", {})
    for name in kind.keys() - properties.keys():
        yield f"{place}.{name} is in document.ts alone"
    for name in properties.keys() - kind.keys():
        yield f"{place}.{name} is in the schema alone"
    for name in kind.keys() & properties.keys():
        optional, inner = kind[name]
        if optional == (name in schema.get("required", [])):
            yield f"{place}.{name}: document.ts and the schema do not agree on whether it is always there"
        yield from compare(f"{place}.{name}", inner, properties[name], interfaces)
    if schema.get("additionalProperties") is not False:
        yield f"{place}: the schema does not say that there are no others"


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    interfaces = Contract((ROOT / "report-ui/src/document.ts").read_text()).interfaces
    wrong = sorted(set(compare("document", "ReportDocument", SCHEMA, interfaces)))
    page = (ROOT / "docs/formats/report.md").read_text()
    wrong += [f"docs/formats/report.md does not explain `{name}`" for name in SCHEMA["properties"] if f"`{name}`" not in page]
    if len(interfaces) < 10:
        wrong.append("few interfaces were found: is the check blind?")
    printed = subprocess.run([WEIR, "schema", "--report"], capture_output=True, text=True, check=True).stdout
    if printed != SCHEMA_FILE.read_text():
        wrong.append("`weir schema --report` prints something else than docs/formats/report.schema.json")
    print("\n".join(wrong) or f"{len(interfaces)} interfaces are as the schema has them")
    sys.exit(bool(wrong))


main()

#!/usr/bin/env python3
"""The JSON Schema of weir.toml and the program give the same answer to every sample, good or bad.

    check_schema.py WEIR      WEIR is the program; `weir inspect` is asked
"""
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(sys.argv[1]).resolve()
SCHEMA = json.loads((ROOT / "docs/formats/weir.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

WHOLE = {
    "gate": {"name": "all", "rate": 5, "duration": "1m30s", "users_ready": 2, "users_max": 40,
             "graceful_stop": "5m", "read_only": True, "results": "results",
             "version_headers": ["x-version"], "instance_headers": []},
    "journey": [{"script": "dash.js", "name": "dash", "weight": 2.5}],
    "environment": {"preprod": {
        "base_url": "https://preprod.example", "health_url": "/health",
        "variables": {"USER": "heavy"}, "insecure_skip_tls_verify": False,
        "secrets": {"PASSWORD": {"env": "SECRET"}, "KEY": {"file": "key"}},
        "alerts": ['namespace="cases-preprod"', "severity!=critical", 'pod=~"web-.*"'],
        "alert_name": "preprod"},
        "zone": {"extends": "preprod"}},
    "sign_in": [{"method": "POST", "url": "/auth/*"}],
    "condition": [
        {"that": "98 % of `dash` under 2 s", "min_samples": 10, "errors_count": False},
        {"share": 0.98, "under": "2s", "request": "dash", "journey": "dash", "group": "a::b",
         "tags": {"kind": "page"}},
        {"errors_at_most": 0.01}, {"checks_at_least": 0.99}, {"rate_at_least": 0.95}],
    "trust": {"achieved_share": 0.9, "late_share": 0.1, "threw_share": 0, "cpu_share": 1,
              "steal_share": 0.5, "loop_stall": "1s"},
    "attest": {"key": {"env": "SECRET"}, "trusted": ["gate.pub"], "max_age": "30m"},
    "marks": {"user_agent": "ours", "traceparent": False},
    "report": {"trace_url": "https://traces.example/trace/{trace_id}?tab=1"},
    "bypass": {"quorum": 1, "valid_for": "2h", "uses": 2, "in_debt": "allow",
               "person": [{"name": "Ann", "key": "ann.pub"},
                          {"name": "Bob", "key": "bob.pub", "may": ["approve"]}]},
    "lease": {"wait": "5m"},
    "notify": {
        "outbox": "outbox", "slack": {"url": {"env": "SLACK"}, "start": False},
        "alertmanager": {"url": "https://alerts.example/am/", "token": {"file": "token"}, "margin": "1m",
                         "settle": "30s", "during": "silence"},
        "grafana": {"url": "https://grafana.example", "token": {"env": "GRAFANA"}, "dashboard_uid": "d1",
                    "panel_id": 3, "tags": []}},
    "attribute": {"warm_up": "1m", "settle": "2m", "linger": "1h", "always_real": ['severity="page"'],
                  "label_real": False, "link": "https://ci.example/{run}"},
    "telemetry": {
        "run_tag": "testid",
        "prometheus": {"url": "https://mimir.example/api/v1/push", "interval": "15s", "token": {"env": "TOKEN"},
                       "trend_stats": ["p(95)", "p(99.9)", "max"], "native_histograms": False, "stale_markers": True,
                       "headers": {"X-Scope-OrgID": "team"}, "secret_headers": {"X-Key": {"file": "key"}},
                       "tags": {"team": "cases"}, "without_tags": ["url"]},
        "otlp": {"url": "http://collector.example:4318/v1/metrics", "prefix": "k6_", "service_name": "weir",
                 "resource": {"team": "cases"}, "histogram": "exponential", "temporality": "delta", "rates": "pair",
                 "gzip": True},
        "statsd": {"address": "agent:8125", "dogstatsd": True, "prefix": "load.", "lines_most": 500},
        "influxdb": {"url": "https://influx.example", "organization": "team", "bucket": "load",
                     "token": {"env": "TOKEN"}, "points_most": 5000},
        "json": {"path": "telemetry.jsonl.gz", "interval": "2s"}},
}

GOOD_CONDITIONS = [
    "98 % of `dash` under 2 s", "98% of dash under 2s", "99.9 % of all requests under 1m.5s",
    "100 % of all requests in journey `dash` under 300ms", "98 % of `a b` in group `x::y` under .5s",
    "95 % of journey `dash` with tag `kind=page` under 2s", "at most 1 % errors",
    "at most 0.5 % errors of `dash`", "at least 99 % checks", "at least 99 % checks of group `x`",
    "at least 95 % of the rate", "at least 95 % of the rate of journey `dash`"]
BAD_CONDITIONS = [
    "", "98 % of `dash`", "98 of `dash` under 2 s", "101 % of `dash` under 2 s", "fast",
    "98 % of `dash under 2 s", "98 % of `dash` under 2", "at most 1 % checks", "at least 99 % errors",
    "98 % of `dash` over 2 s", "at least 95 % of the rate of `dash`", "at most 1 % errors of"]

# (path, value): the whole file with that one value; None takes the key away.
GOOD = [(("gate", "rate"), 0.001), (("gate", "rate"), 1000000), (("gate", "duration"), "1.5h"),
        (("gate", "duration"), "1d"), (("gate", "users_max"), 40.0), (("gate", "users_ready"), 0),
        (("gate",), None), (("notify",), None), (("telemetry",), None), (("telemetry", "statsd"), {}),
        (("telemetry", "influxdb"), {"url": "http://i", "database": "k6", "username": "u", "password": {"env": "P"}}),
        (("attribute",), None), (("sign_in",), None), (("trust",), None),
        (("gate", "duration"), "0m30s"), (("environment", "preprod", "base_url"), ""),
        (("sign_in", 0, "method"), "*"), (("sign_in", 0, "method"), None),
        (("sign_in", 0, "url"), "https://sign-in.example/oauth/*"),
        (("environment", "preprod", "secrets", "KEY"), {"file": "key", "env": ""}),
        (("condition", 0, "min_samples"), 1e6), (("notify", "alertmanager", "during"), "alert"),
        (("notify", "alertmanager"), {"url": "http://a", "username": "u", "password": {"env": "P"}}),
        (("environment", "preprod", "alerts"), ['env="preprod"']),
        (("report",), {}), (("report", "trace_url"), ""), (("report", "trace_url"), "http://t.example/?id={trace_id}"),
        (("lease", "wait"), 0), (("lease", "wait"), "0"), (("lease", "wait"), "0s"), (("lease",), {}),
        (("bypass", "person"), None), (("bypass", "person", 1, "may"), ["request", "approve"]),
        *((("condition", 0, "that"), text) for text in GOOD_CONDITIONS)]
BAD = [(("gate", "rate"), 0), (("gate", "rate"), 1000001), (("gate", "rate"), "25"),
       (("gate", "duration"), "30"), (("gate", "duration"), 30), (("gate", "duration"), "0s"),
       (("gate", "duration"), "-1s"), (("gate", "duration"), "30 s"), (("gate", "users_max"), 1.5),
       (("gate", "duration"), "0m0s"), (("gate", "users_ready"), -1),
       (("gate", "version_headers"), "x-version"), (("gate", "version_headers"), [1]),
       (("journey",), None), (("journey",), []), (("journey",), {"script": "dash.js"}),
       (("journey", 0, "script"), None), (("journey", 0, "script"), ""),
       (("journey", 0, "weight"), 0), (("condition",), None), (("condition",), []),
       (("condition", 0), {}), (("condition", 0), {"request": "dash"}),
       (("condition", 0), {"share": 0.98}), (("condition", 0), {"under": "2s"}),
       (("condition", 0), {"share": 0.98, "under": "0s"}),
       (("condition", 0), {"share": 98, "under": "2s"}),
       (("condition", 0), {"errors_at_most": 0.1, "checks_at_least": 0.9}),
       (("condition", 0), {"errors_at_most": 0.1, "share": 0.9, "under": "2s"}),
       (("condition", 0), {"that": "at least 99 % checks", "rate_at_least": 0.9}),
       (("condition", 0), {"rate_at_least": 0.9, "request": "dash"}),
       (("condition", 0, "min_samples"), 0), (("condition", 1, "tags"), {"kind": 1}),
       (("sign_in", 0, "url"), None), (("sign_in", 0, "url"), "auth"), (("sign_in", 0, "url"), "/*"),
       (("sign_in", 0, "method"), "post"), (("sign_in", 0, "method"), ""),
       (("environment", "preprod"), "https://x"), (("environment", "zone", "extends"), ""),
       (("environment", "preprod", "base_url"), "preprod.example"),
       (("environment", "preprod", "secrets", "KEY"), {}),
       (("environment", "preprod", "secrets", "KEY"), {"env": "A", "file": "b"}),
       (("environment", "preprod", "secrets", "KEY"), "text"),
       (("lease", "wait"), 15), (("lease", "wait"), "15"), (("lease", "wait"), "-1s"),
       (("bypass", "quorum"), 0), (("bypass", "uses"), 0), (("bypass", "valid_for"), "0s"),
       (("bypass", "in_debt"), "maybe"), (("bypass", "person", 0, "key"), None),
       (("bypass", "person", 0, "name"), ""), (("bypass", "person", 1, "may"), []),
       (("bypass", "person", 1, "may"), ["revoke"]),
       (("environment", "preprod", "alerts"), []), (("environment", "preprod", "alerts"), ["namespace"]),
       (("notify", "slack", "url"), "https://hooks.example/x"), (("notify", "slack", "url"), None),
       (("notify", "alertmanager", "during"), "now"), (("notify", "alertmanager", "url"), "alerts.example"),
       (("notify", "alertmanager", "username"), "u"), (("notify", "alertmanager", "password"), {"env": "P"}),
       (("notify", "grafana", "dashboard_uid"), None), (("notify", "grafana", "tags"), "weir"),
       (("attribute", "always_real"), ["=x"]), (("attribute", "settle"), 5),
       (("report", "trace_url"), "https://traces.example/"), (("report", "trace_url"), "{trace_id}"),
       (("report", "trace_url"), "https://user:secret@traces.example/{trace_id}"),
       (("report", "trace_url"), "javascript:alert('{trace_id}')"),
       (("telemetry", "prometheus", "url"), None), (("telemetry", "prometheus", "trend_stats"), ["p99"]),
       (("telemetry", "prometheus", "token"), "text"), (("telemetry", "otlp", "temporality"), "now"),
       (("telemetry", "influxdb", "bucket"), None), (("telemetry", "influxdb", "database"), "k6"),
       (("telemetry", "json", "path"), None), (("telemetry", "statsd", "lines_most"), 1),
       (("telemetry", "prometeus"), {}),
       (("attest", "key"), {}), (("attest", "key"), "text"), (("attest", "max_age"), "0s"),
       (("attest", "trusted"), [1]), (("trust", "late_share"), 1.01), (("trust", "loop_stall"), 250),
       *((("condition", 0, "that"), text) for text in BAD_CONDITIONS)]
# What a schema cannot say: the program alone refuses these.
PROGRAM_ALONE = [(("bypass", "quorum"), 2), (("environment", "zone", "extends"), "nosuch"), (("environment", "zone", "extends"), "zone"),
                 (("environment",), None), (("environment", "preprod", "alerts"), None),
                 (("environment", "preprod", "alerts"), ['severity="page"']),
                 (("environment", "preprod", "alerts"), ['env=~"preprod"']),
                 (("environment", "preprod", "alerts"), ['env="preprod"', 'pod=~"("']),
                 (("environment", "preprod", "alerts"), ['env="preprod"', 'stage="prod"']),
                 (("environment", "preprod", "alert_name"), "staging"),
                 (("notify", "grafana", "url"), "http://user:secret@grafana.example"),
                 (("telemetry", "otlp", "url"), "http://user:secret@collector.example/v1/metrics"),
                 (("telemetry", "json", "interval"), "10ms"), (("attribute", "linger"), "1m"), (("gate", "users_max"), 1), (("gate", "graceful_stop"), "1s"),
                 (("journey",), [{"script": "dash.js"}, {"script": "dash.js"}]),
                 (("condition", 1, "journey"), "other"), (("journey", 0, "script"), "absent.js"),
                 (("environment", "preprod", "base_url"), "http://:80:80"),
                 (("environment", "preprod", "secrets", "KEY", "file"), "absent")]


def toml_value(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def with_value(path, value):
    changed = copy.deepcopy(WHOLE)
    place = changed
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def leaves(value, path=()):
    """Every key of the whole file, and every table."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))


def value_at(path):
    value = WHOLE
    for step in path:
        value = value[step]
    return value


def wrong_types():
    for path in leaves(WHOLE):
        value = value_at(path)
        yield path, 7 if isinstance(value, (str, bool, list, dict)) else "text"


def unknown_keys():
    free = {"variables", "tags", "secrets", "environment"}
    yield ("unheard_of",), 1
    for path in leaves(WHOLE):
        value = value_at(path)
        tables = value if isinstance(value, list) else [value]
        for index, table in enumerate(tables):
            if isinstance(table, dict) and path[-1] not in free:
                yield (*path, *([index] if isinstance(value, list) else []), "unheard_of"), 1


class Samples:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "dash.js").write_text("export default function () {}\n")
        (self.folder / "key").write_text("secret\n")
        self.wrong, self.asked = [], 0

    def program_takes(self, text):
        file = self.folder / "weir.toml"
        file.write_text(text)
        done = subprocess.run(
            [WEIR, "inspect", file, "-e", "BASE_URL=http://127.0.0.1"], capture_output=True,
            text=True, timeout=60, env={**os.environ, "SECRET": "s"})
        if done.returncode not in (0, 2, 104, 107):
            self.wrong.append(f"exit code {done.returncode} for\n{text}\n{done.stderr}")
        return done.returncode == 0, done.stderr

    def expect(self, path, value, schema, program):
        document = with_value(path, value)
        text = "\n".join(f"{key} = {toml_value(inner)}" for key, inner in document.items()) + "\n"
        assert tomllib.loads(text) == document
        self.asked += 1
        by_schema = VALIDATOR.is_valid(document)
        by_program, said = self.program_takes(text)
        if (by_schema, by_program) != (schema, program):
            self.wrong.append(f"{'.'.join(map(str, path))} = {value!r}: schema says {by_schema}, "
                              f"the program {by_program}; should be {schema}, {program} {said}")


def undocumented():
    """Each key has a place in the page."""
    page = (ROOT / "docs/formats/weir-toml.md").read_text()
    for definition in [SCHEMA, *SCHEMA["$defs"].values()]:
        for key in definition.get("properties", {}):
            if not re.search(rf"`\[*{key}(\.NAME)?\]*`", page):
                yield f"docs/formats/weir-toml.md does not explain `{key}`"


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    printed = subprocess.run([WEIR, "schema"], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="weir-schema-") as folder:
        samples = Samples(folder)
        samples.expect(("gate", "name"), "all", True, True)
        for sample in GOOD:
            samples.expect(*sample, True, True)
        for sample in [*BAD, *wrong_types(), *unknown_keys()]:
            samples.expect(*sample, False, False)
        for sample in PROGRAM_ALONE:
            samples.expect(*sample, True, False)
        example = tomllib.loads((ROOT / "journeys/weir.toml").read_text())
        wrong = samples.wrong + [f"journeys/weir.toml: {each.message}"
                                 for each in VALIDATOR.iter_errors(example)]
    wrong += undocumented()
    if printed != (ROOT / "docs/formats/weir.schema.json").read_text():
        wrong.append("`weir schema` prints something else than docs/formats/weir.schema.json")
    print("\n".join(wrong) or f"{samples.asked} samples: schema and program agree")
    sys.exit(bool(wrong))


main()

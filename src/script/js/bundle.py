#!/usr/bin/env python3
"""Joins the CommonJS files of one npm package into a single script, for embedding.

bundle.py PACKAGE_DIST ENTRY.js OUT.js [NAME[=FILE.js]...]

ENTRY is a file of ours whose require('pkg/...') names files under PACKAGE_DIST. Only files that are
reached are taken. NAME, a file under PACKAGE_DIST or another package, is left out or replaced by
FILE.js: parts that our use never calls.
"""
import json
import pathlib
import re
import sys

REQUIRE = re.compile(r"""\brequire\(\s*(['"])([^'"]+)\1\s*\)""")


def blank_comments(text: str) -> str:
    """Keeps line counts; commented-out require() calls must not be followed."""
    return re.sub(r"^\s*(//|\*|/\*).*$", "", text, flags=re.M)


def target(base: pathlib.Path, name: str, dist: pathlib.Path) -> str | None:
    if name.startswith("pkg/"):
        path = dist / name[4:]
    elif name.startswith("."):
        path = base.parent / name
    else:
        return None
    for candidate in (path, path.with_name(path.name + ".js"), path / "index.js"):
        if candidate.is_file():
            return candidate.resolve().relative_to(dist).as_posix()
    raise SystemExit(f"{base}: cannot find {name}")


def main() -> None:
    dist = pathlib.Path(sys.argv[1]).resolve()
    entry, out = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    replaced = dict(a.partition("=")[::2] for a in sys.argv[4:])
    files: dict[str, str] = {}
    waiting = [("<entry>", entry)]
    while waiting:
        key, path = waiting.pop()
        if key in files:
            continue
        if key in replaced:
            path = pathlib.Path(replaced[key]) if replaced[key] else None
        code, names = path.read_text() if path else "", {}
        for name in {m.group(2) for m in REQUIRE.finditer(blank_comments(code))}:
            found = target(path, name, dist) or (name if name in replaced else None)
            if found is None:
                continue  # inside generated code, never run; were it run, it would say so
            names[name] = found
            waiting.append((found, dist / found))
        files[key] = (f"function(module,exports,__require){{const require=__names({json.dumps(names)});"
                      f"{code}\n}}")
    body = ",\n".join(f"{json.dumps(k)}:{v}" for k, v in sorted(files.items()))
    out.write_text(
        "(function(){'use strict';\nconst __done={};\n"
        "function __load(key){let m=__done[key];if(m===undefined){m=__done[key]={exports:{}};"
        "__files[key](m,m.exports,null);}return m.exports;}\n"
        "function __names(table){return function(name){return __load(table[name]);};}\n"
        f"const __files={{\n{body}\n}};\nreturn __load('<entry>');\n}})()\n")


main()

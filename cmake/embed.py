#!/usr/bin/env python3
"""Writes text files as C++ string views: embed.py OUT_STEM FILE…  (see Embed.cmake)."""
import pathlib
import re
import sys

CHUNK = 8000  # compilers limit the length of one literal


def literal(data: bytes) -> str:
    text = "".join(
        chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in data
    )
    return f'"{text}"'


def main() -> None:
    stem, files = pathlib.Path(sys.argv[1]), [pathlib.Path(f) for f in sys.argv[2:]]
    stem.parent.mkdir(parents=True, exist_ok=True)
    header = ["// Text that was embedded at build time.", "#pragma once", "#include <string_view>",
              "namespace weir::embedded {"]
    source = [f'#include "{stem.name}.h"', "namespace weir::embedded {"]
    for file in files:
        data, name = file.read_bytes(), re.sub(r"\W", "_", file.name)
        chunks = [literal(data[i:i + CHUNK]) for i in range(0, len(data), CHUNK)] or ['""']
        header.append(f"extern const std::string_view {name};")
        source.append(f"static constexpr char {name}_text[] =\n    " + "\n    ".join(chunks) + ";")
        source.append(f"const std::string_view {name}({name}_text, {len(data)});")
    header.append("}")
    source.append("}")
    stem.with_suffix(".h").write_text("\n".join(header) + "\n")
    stem.with_suffix(".cc").write_text("\n".join(source) + "\n")


main()

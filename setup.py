# SPDX-License-Identifier: BSD-2-Clause
"""Build the C helper; everything else is said in pyproject.toml.

An extension is optional: without a compiler its twin in Python serves.  Each is told the hash of
all sources, so all are built anew when one has changed.
"""

import sys
from pathlib import Path

from setuptools import Extension, setup

sys.path.insert(0, str(Path(__file__).parent))  # a build in isolation has it not

from native import sources


def extension(name: str, *files: str) -> Extension:
    """Return what builds native.name from files."""
    return Extension(
        f"native.{name}",
        sources=[f"native/{file}" for file in files],
        define_macros=[("SOURCES", f'"{sources()}"')],
        extra_compile_args=["-O2", "-Wall", "-Wextra"],
        optional=True,
    )


setup(
    ext_modules=[
        extension("_record", "record.c", "recorder.c", "genio.c", "memory.c"),
        extension("_lines", "lines.c", "kdump.c"),
        extension("_decode", "decode.c"),
        extension("_locore", "locore.c", "stub.c"),
    ],
    options={"build_ext": {"force": True}},
)

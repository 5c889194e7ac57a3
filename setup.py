# SPDX-License-Identifier: BSD-2-Clause
"""Build the C helper; everything else is said in pyproject.toml.

An extension is optional: without a compiler its twin in Python serves.
"""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "native._record",
            sources=["native/record.c", "native/recorder.c", "native/genio.c"],
            depends=["native/field.h", "native/genio.h", "native/record.h"],
            extra_compile_args=["-O2", "-Wall", "-Wextra"],
            optional=True,
        ),
        Extension(
            "native._lines",
            sources=["native/lines.c", "native/kdump.c"],
            depends=["native/kdump.h", "native/layout.h"],
            extra_compile_args=["-O2", "-Wall", "-Wextra"],
            optional=True,
        ),
        Extension(
            "native._decode",
            sources=["native/decode.c"],
            depends=["native/layout.h"],
            extra_compile_args=["-O2", "-Wall", "-Wextra"],
            optional=True,
        ),
        Extension(
            "native._locore",
            sources=["native/locore.c"],
            depends=["native/field.h"],
            extra_compile_args=["-O2", "-Wall", "-Wextra"],
            optional=True,
        ),
    ]
)

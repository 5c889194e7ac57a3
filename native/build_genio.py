# SPDX-License-Identifier: BSD-2-Clause
"""Build native._genio: genio.c behind the declarations of genio.h."""

from pathlib import Path

from cffi import FFI

HERE = Path(__file__).parent

ffibuilder = FFI()
ffibuilder.cdef((HERE / "genio.h").read_text(encoding="ascii"))
ffibuilder.set_source(
    "native._genio",
    '#include "genio.h"',
    sources=["native/genio.c"],
    include_dirs=["native"],
    depends=["native/genio.h"],
    extra_compile_args=["-O2"],
    optional=True,  # without a compiler the twin serves
)

if __name__ == "__main__":
    ffibuilder.compile(tmpdir=str(HERE.parent))

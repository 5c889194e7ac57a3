# SPDX-License-Identifier: BSD-2-Clause
"""Labs and their grading: what a lab's tests import, and what `python -m kernel grade` is made of.

    from kernel.grade import test

    @test(points=2, hint="read(2) gives at most what you asked for: ask again until it gives b''.")
    def copies_a_long_file(lab):
        "A file longer than one read arrives whole."
        lab.write("long", b"x" * 100_000)
        lab.run("mycopy.py", "long", "copy")
        assert lab.read("copy") == b"x" * 100_000

docs/labs.md says how a lab is written and graded.
"""

from kernel.grade.bench import Bench
from kernel.grade.lab import test

__all__ = ["Bench", "test"]

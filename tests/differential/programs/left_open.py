# SPDX-License-Identifier: BSD-2-Clause
"""Files that nobody closes: warned of, flushed, and closed when the last reference goes."""

import gc
import io
import os
import warnings


def left(make):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make()
    print(
        "\n".join(f"{one.category.__name__} {one.message}" for one in caught).replace(
            "UTF-8", "utf-8"
        )
    )


left(lambda: open("a", "w").write("text") and None)
left(lambda: open("b", "wb").write(b"bytes") and None)
left(lambda: open("c", "wb", 0).write(b"raw") and None)
left(lambda: open("a").read() and None)
left(lambda: io.FileIO("a") and None)


def content(name):
    with open(name, "rb") as file:
        return file.read()


print(*map(content, "abc"))
print(os.open("a", os.O_RDONLY))


class Knot:
    def __init__(self, name, kind):
        self.file = open(name, kind)
        self.me = self


def tie():
    Knot("d", "w").file.write("in a knot")
    Knot("e", "wb").file.write(b"bytes too")
    Knot("a", "r").file.read(1)


gc.disable()
left(lambda: (tie(), gc.collect()))
print(gc.isenabled(), *map(content, "de"))
gc.enable()
print(gc.isenabled(), os.open("a", os.O_RDONLY))

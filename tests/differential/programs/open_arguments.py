# SPDX-License-Identifier: BSD-2-Clause
"""What open() and FileIO take, what they refuse and what they say of it."""

import io
import pickle
import warnings

warnings.simplefilter("always")
open("f", "w").close()
PATH = "f"


class Number:
    def __index__(self):
        return -3


class Sub(io.FileIO):
    pass


def attempt(what, function, *args, **kwargs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args, **kwargs)
        except OSError as exc:
            result = f"{type(exc).__name__} {exc.strerror} {exc.filename!r}"
        except (TypeError, ValueError, LookupError) as exc:
            result = f"{type(exc).__name__} {exc}"
        if hasattr(result, "close"):
            text = repr(result)
            result.close()
            result = f"{text} {result!r}".replace("UTF-8", "utf-8")  # the locale's, or the mode's
    print(what, result, sorted(str(one.message) for one in caught))


for opened in (open, io.FileIO, Sub):
    name = opened.__name__
    for file in (
        -1,
        1.5,
        None,
        b"\0",
        "\0",
        2**40,
        2**100,
        "nope",
        9999,
        ".",
        ["a"],
        Number(),
        b"f",
    ):
        attempt((name, file if not isinstance(file, Number) else "Number"), opened, file)
    for mode in ("rw", "z", "r++", "", "+", "rr", "w", "a", "x", "w+", "a+", "r+", 5, None):
        attempt((name, mode), opened, PATH, mode)
    attempt((name, "closefd"), opened, PATH, closefd=False)
    for given in (-1, -2, "s", None):
        attempt((name, "opener", given), opened, PATH, opener=lambda *_, given=given: given)
for args in (
    ("r", 1.5), ("r", "x"), ("rb", 0, "utf-8"), ("r", 0), ("rb", 1), ("r", -5), ("rb", 7),
    ("r", -1, 5), ("r", -1, "utf-8", 5), ("r", -1, "utf-8", None, 5), ("r", -1, "utf-8", None, "q"),
    ("r", -1, "nope"), ("r", -1, "utf-8", "nope"), ("rt+",), ("U",), ("b",), ("tb",), ("w+b+",),
    ("r", -1, "a\0b"), ("r", -1, None, "a\0b"), ("r", -1, ""), ("r", -1, "locale"),
    ("rb", -1, None, "strict"), ("rb", -1, None, None, ""), ("rb",), ("wb",), ("r+b",),
):  # fmt: skip
    attempt(args, open, PATH, *args)
attempt("open_code", io.open_code, 5)
attempt("open_code", io.open_code, PATH)
for encoding in (5, None, "x"):
    attempt(("text_encoding", encoding), io.text_encoding, encoding)

file = io.FileIO(PATH, "w+")
print(file.mode, sorted(vars(file)), file.readable(), file.writable(), file.seekable())
for what, args in (
    ("seek", (1.5,)), ("seek", ("a",)), ("seek", (0, 9)), ("seek", (-1,)), ("write", ("s",)),
    ("write", (b"abc",)), ("readinto", (b"xx",)), ("readinto", ("xx",)), ("read", ("x",)),
    ("read", (None,)), ("read", (-5,)), ("truncate", ("x",)), ("truncate", (None,)),
    ("truncate", (-1,)), ("truncate", (1.5,)), ("writelines", (["x"],)), ("seek", (0,)),
    ("read", (2,)), ("tell", ()), ("readall", ()), ("truncate", (2,)), ("isatty", ()),
):  # fmt: skip
    attempt((what, args), getattr(file, what), *args)
for mode, names in (("r", ("write", "truncate")), ("a", ("readall", "readinto"))):
    with io.FileIO(PATH, mode) as other:
        for name in names:
            attempt((mode, name), getattr(other, name), *([bytearray(2)] * (name != "readall")))
file.__init__(PATH, "r")
print(file.read())
file.close()
for name in ("read", "fileno", "readable", "seekable", "isatty", "tell", "truncate"):
    attempt(("closed", name), getattr(file, name))
for thing in (Sub(PATH), open(PATH), open(PATH, "rb"), open(PATH, "r+b", 0)):
    attempt(("pickle", type(thing).__name__), pickle.dumps, thing)
    thing.close()
print(io.open is open, io.open.__name__, io.FileIO.__module__)

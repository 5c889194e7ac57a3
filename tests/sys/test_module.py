# SPDX-License-Identifier: BSD-2-Clause
"""Modules that are loaded when they are first used."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kernel.sys.module import autoload

ROOT = Path(__file__).parents[2]


def test_a_module_is_loaded_when_it_is_asked_for_a_name() -> None:
    """Not before, and whoever looks at all modules loads none."""
    code = """if True:
        import sys
        from kernel.sys.module import autoload
        this = autoload("this_is_none")
        colorsys = autoload("colorsys")
        assert getattr(colorsys, "__file__", None) is None
        assert "colorsys" not in sys.modules
        assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
        assert colorsys.rgb_to_hsv is sys.modules["colorsys"].rgb_to_hsv
        assert "rgb_to_hsv" in vars(colorsys)
    """
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_what_is_not_there_is_said() -> None:
    """A name that the module has not is an AttributeError, a module that is none an ImportError."""
    with pytest.raises(AttributeError, match="frobnicate"):
        _ = autoload("string").frobnicate
    with pytest.raises(ModuleNotFoundError, match="frobnicate"):
        _ = autoload("frobnicate").name


def layer(module: str, layers: list[list[str]]) -> tuple[int, str]:
    """Return how high a module of the kernel is, and by which name it is in the list."""
    parts = module.split(".")[1:]
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        for height, names in enumerate(reversed(layers)):
            if name in names:
                return height, name
    raise AssertionError(f"{module} is in no layer")


def test_what_is_loaded_later_lies_below() -> None:
    """The linter does not see these imports: they, too, point down the list of layers."""
    with open(ROOT / "pyproject.toml", "rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (listed,) = [each["layers"] for each in contracts if each["name"] == "Kernel layers"]
    layers = [[name.strip(" ()") for name in line.split("|")] for line in listed]
    seen = 0
    for source in (ROOT / "kernel").rglob("*.py"):
        importer = ".".join(source.relative_to(ROOT).with_suffix("").parts)
        for target in re.findall(r'autoload\("(kernel\.[\w.]+)"\)', source.read_text()):
            high, low = layer(importer, layers), layer(target, layers)
            assert high == low or high[0] > low[0], f"{importer} loads {target}, which lies above"
            seen += 1
    assert seen

# SPDX-License-Identifier: BSD-2-Clause
"""Sphinx: the pages are Markdown, reference comes from docstrings, grammars and tables."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_ext")]

project = "sysent"
author = "The sysent authors"
copyright = "the sysent authors; BSD-2-Clause"  # noqa: A001
release = version = installed("sysent")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "grammar",
    "plain",
    "sources",
]
exclude_patterns = ["_build", "_ext", "pictures"]
source_suffix = {".md": "markdown"}
default_role = "code"
keep_warnings = True

myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
myst_url_schemes = {"http": None, "https": None, "mailto": None, "source": None}

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_use_ivar = True
add_module_names = False

html_theme = "furo"
html_title = "sysent"
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}

man_make_section_directory = True
_COMMANDS = {
    "sysent": "a NetBSD-shaped kernel in user mode, and what reads its traces",
    "sysent-run": "boot a kernel and run a Python program on it",
    "sysent-sh": "boot a kernel and run its shell",
    "sysent-ktrace": "run a command traced",
    "sysent-kdump": "print a trace",
    "sysent-ktruss": "print the calls of a command or a trace",
    "sysent-trace": "print a trace as calls, chosen and counted",
    "sysent-diff": "say where two traces differ",
    "sysent-report": "write a trace as one page for a browser",
    "sysent-grade": "grade what students have handed in, by a lab's tests",
    "sysent-syscalls": "print the system call table",
}
man_pages = [(f"man/{name}", name, text, author, 1) for name, text in _COMMANDS.items()]

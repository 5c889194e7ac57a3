# SPDX-License-Identifier: BSD-2-Clause
"""Build the C helper; everything else is said in pyproject.toml."""

from setuptools import setup

setup(cffi_modules=["native/build_genio.py:ffibuilder"])

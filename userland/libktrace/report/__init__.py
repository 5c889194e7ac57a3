# SPDX-License-Identifier: BSD-2-Clause
"""A trace as one page of HTML that needs nothing else: no network, no server.

html = page(collect(libktrace.open("ktrace.out")), "ktrace.out")
"""

from userland.libktrace.report.collect import collect
from userland.libktrace.report.page import page

__all__ = ["collect", "page"]

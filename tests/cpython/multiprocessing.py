# SPDX-License-Identifier: BSD-2-Clause
"""The packages test_multiprocessing_*: where an interpreter came without them, as 3.11.7 and 3.12.1 do.

Their tests are all in _test_multiprocessing, which says itself how a module gets its share.
"""

from pathlib import Path

import test

METHODS = ("fork", "forkserver", "spawn")
MODULES = {
    "test_manager": "only_type='manager'",
    "test_misc": "exclude_types=True",
    "test_processes": "only_type='processes'",
    "test_threads": "only_type='threads'",
}


def missing_modules() -> dict[str, str]:
    """Return the source of each module that there is not, by its name with dots."""
    made = {}
    for method in METHODS:
        package = f"test_multiprocessing_{method}"
        if (Path(test.__file__).parent / package).is_dir():
            continue
        made[package] = ""
        for module, share in MODULES.items():
            made[f"{package}.{module}"] = (
                "from test._test_multiprocessing import install_tests_in_module_dict\n"
                f"install_tests_in_module_dict(globals(), {method!r}, {share})\n"
            )
    return made

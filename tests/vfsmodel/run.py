# SPDX-License-Identifier: BSD-2-Clause
"""How hypothesis runs sequences."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

STEPS = 30  # calls of a sequence, furniture aside


def run(machine: Any, count: int, derandomize: bool = False) -> None:
    """Run count sequences of machine; a failure is shrunk."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=count,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=derandomize,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )

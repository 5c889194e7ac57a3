# SPDX-License-Identifier: BSD-2-Clause
from kernel.sys.fcntl import O_RDONLY


def random_bytes(system, path):
    p = system.process()
    return p.read(p.open(path, O_RDONLY), 100)


def test_same_seed_same_bytes(boot):
    """The bytes follow from the seed of the boot."""
    one, same, other = (boot(seed=seed).system for seed in (1, 1, 2))
    drawn = [random_bytes(system, b"/dev/urandom") for system in (one, same, other)]

    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) > 40


def test_random_never_waits(booted):
    """random gives as much as urandom."""
    assert len(random_bytes(booted.system, b"/dev/random")) == 100

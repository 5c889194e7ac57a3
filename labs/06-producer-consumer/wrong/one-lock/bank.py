# SPDX-License-Identifier: BSD-2-Clause
"""Accounts that threads move money between."""

from threading import Lock


class Account:
    """A balance, and the lock that who looks at it or changes it must hold."""

    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = Lock()


everything = Lock()


def transfer(source, target, amount):
    """Move amount, if there is so much in source; return whether there was."""
    with everything:
        if source.balance < amount:
            return False
        source.balance -= amount
        target.balance += amount
        return True


def total(accounts):
    """Return how much there is in accounts together."""
    with everything:
        return sum(account.balance for account in accounts)

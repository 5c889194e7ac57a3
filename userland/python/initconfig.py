# SPDX-License-Identifier: BSD-2-Clause
"""What python3's command line and environment ask for.  CPython Python/initconfig.c."""

from collections.abc import Callable, Mapping, Sequence
from sys import int_info, version_info
from typing import Final

# Letters that only count: (letter, attribute).
_COUNTED: Final = {
    "b": "bytes_warning", "B": "dont_write_bytecode", "d": "debug", "E": "ignore_environment",
    "i": "inspect", "O": "optimize", "P": "safe_path", "q": "quiet", "s": "no_user_site",
    "S": "no_site", "u": "unbuffered", "v": "verbose", "x": "skip_first_line",
}  # fmt: skip
# Variables that count as if the letter had been given so many times.
_VARIABLES: Final = {
    "PYTHONDEBUG": "debug", "PYTHONVERBOSE": "verbose", "PYTHONOPTIMIZE": "optimize",
    "PYTHONINSPECT": "inspect", "PYTHONUNBUFFERED": "unbuffered",
    "PYTHONDONTWRITEBYTECODE": "dont_write_bytecode", "PYTHONNOUSERSITE": "no_user_site",
    "PYTHONSAFEPATH": "safe_path",
}  # fmt: skip
# What sys.flags.int_max_str_digits is if nothing was said; 3.11 says that it was not.
DIGITS: Final = -1 if version_info < (3, 12) else int_info.default_max_str_digits
_IGNORED: Final = "JRt"
_VALUED: Final = "cmWX"
# Long options that say something: config.wanted.
_LONG: Final = {
    **{name: name for name in ("help-all", "help-env", "help-xoptions")},
    "help": "h",
    "version": "V",
}
_SEEDS: Final = range(1 << 32)


class Config:
    """How a Python is to start: PyConfig."""

    command: str | None = None  # -c
    module: str | None = None  # -m
    filename: str | None = None  # a program; None: the standard input
    wanted: str = ""  # "h" or "V": say something and end
    bytes_warning: int = 0
    dont_write_bytecode: int = 0
    debug: int = 0
    ignore_environment: int = 0
    inspect: int = 0
    interactive: int = 0
    isolated: int = 0
    optimize: int = 0
    safe_path: int = 0
    quiet: int = 0
    no_user_site: int = 0
    no_site: int = 0
    unbuffered: int = 0
    verbose: int = 0
    versions: int = 0  # how often -V was given
    skip_first_line: int = 0
    dev_mode: bool = False
    utf8_mode: int = 0
    warn_default_encoding: int = 0
    hash_randomization: int = 1
    int_max_str_digits: int = DIGITS
    stdio_encoding: str = ""  # "": as the locale says
    stdio_errors: str = ""
    path: Sequence[str] = ()  # PYTHONPATH
    startup: str = ""  # PYTHONSTARTUP
    pycache_prefix: str = ""

    def __init__(self) -> None:
        self.argv: list[str] = []
        self.orig_argv: list[str] = []
        self.xoptions: dict[str, str | bool] = {}
        self.warnoptions: list[str] = []


class UsageError(Exception):
    """The command line is wrong: what to say of it."""


class FatalError(Exception):
    """Python cannot start: what to say of it."""


def read(argv: list[str], environ: Mapping[str, str]) -> Config:
    """Read the command line and the PYTHON variables.

    Raises:
        UsageError: the command line. FatalError: a value.
    """
    config = Config()
    config.orig_argv = list(argv)
    warnings: list[str] = []
    _read_arguments(config, argv, warnings)
    if config.isolated:
        config.ignore_environment = config.no_user_site = config.safe_path = 1
    variables = {} if config.ignore_environment else environ
    if variables:
        _read_variables(config, variables)
    if variables or config.xoptions:
        _read_xoptions(config, variables)
    config.dont_write_bytecode = min(config.dont_write_bytecode, 1)
    if config.dev_mode:
        config.warnoptions.append("default")
    config.warnoptions += [one for one in variables.get("PYTHONWARNINGS", "").split(",") if one]
    config.warnoptions += warnings
    if config.bytes_warning:
        config.warnoptions.append(
            "error::BytesWarning" if config.bytes_warning > 1 else "default::BytesWarning"
        )
    return config


def _read_arguments(config: Config, argv: list[str], warnings: list[str]) -> None:
    args = argv[1:]
    values: dict[str, Callable[[str], object]] = {
        "W": warnings.append,
        "X": lambda value: _set_xoption(config, value),
    }
    while args and args[0].startswith("-") and args[0] != "-":
        word = args.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            if word == "--check-hash-based-pycs":
                if not args:
                    raise UsageError("Argument expected for the --check-hash-based-pycs option")
                if args.pop(0) not in ("always", "never", "default"):
                    raise UsageError(
                        "--check-hash-based-pycs must be one of 'default', 'always', or 'never'"
                    )
                continue
            if word[2:] not in _LONG:
                raise UsageError(f"unknown option {word}")
            config.wanted = _LONG[word[2:]]
            config.versions += word == "--version"
            if config.wanted != "V":
                return  # what follows is not looked at
            continue
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in _VALUED:
                if not letters and not args:
                    raise UsageError(f"Argument expected for the -{letter} option")
                value = letters or args.pop(0)
                if letter in "cm":
                    config.command, config.module = (
                        (f"{value}\n", None) if letter == "c" else (None, value)
                    )
                    config.argv = [f"-{letter}", *args]
                    return
                values[letter](value)
                letters = ""
            elif letter in "h?":
                config.wanted = "h"
                return
            else:
                _count(config, letter)
    if args and args[0] != "-":
        config.filename = args[0]
    config.argv = args or [""]


def _count(config: Config, letter: str) -> None:
    if letter in _COUNTED:
        name = _COUNTED[letter]
        setattr(config, name, getattr(config, name) + 1)
        if letter == "i":
            config.interactive += 1
    elif letter == "I":
        config.isolated += 1
    elif letter == "V":
        config.wanted = "V"
        config.versions += 1
    elif letter not in _IGNORED:
        raise UsageError(f"Unknown option: -{letter}")


def _set_xoption(config: Config, option: str) -> None:
    name, equals, value = option.partition("=")
    config.xoptions[name] = value if equals else True


def _read_variables(config: Config, variables: Mapping[str, str]) -> None:
    for name, attribute in _VARIABLES.items():
        value = variables.get(name, "")
        if value:
            given = int(value) if value.isdecimal() else 1
            setattr(config, attribute, max(getattr(config, attribute), given))
    config.path = [one for one in variables.get("PYTHONPATH", "").split(":") if one]
    config.pycache_prefix = variables.get("PYTHONPYCACHEPREFIX", "")
    config.startup = variables.get("PYTHONSTARTUP", "")
    encoding, _, errors = variables.get("PYTHONIOENCODING", "").partition(":")
    config.stdio_encoding, config.stdio_errors = encoding, errors
    if encoding and not errors:
        config.stdio_errors = "strict"
    if variables.get("PYTHONWARNDEFAULTENCODING"):
        config.warn_default_encoding = 1
    seed = variables.get("PYTHONHASHSEED", "") or "random"
    if seed != "random" and not (seed.isdecimal() and int(seed) in _SEEDS):
        raise FatalError(
            'config_init_hash_seed: PYTHONHASHSEED must be "random" '
            "or an integer in range [0; 4294967295]"
        )
    config.hash_randomization = int(seed == "random" or int(seed) != 0)


def _read_xoptions(config: Config, variables: Mapping[str, str]) -> None:
    xoptions = config.xoptions
    if "pycache_prefix" in xoptions:
        prefix = xoptions["pycache_prefix"]
        config.pycache_prefix = prefix if isinstance(prefix, str) else ""
    config.dev_mode = "dev" in xoptions or bool(variables.get("PYTHONDEVMODE"))
    if "warn_default_encoding" in xoptions:
        config.warn_default_encoding = 1
    config.utf8_mode = _read_utf8_mode(xoptions.get("utf8"), variables.get("PYTHONUTF8", ""))
    digits = xoptions.get("int_max_str_digits", variables.get("PYTHONINTMAXSTRDIGITS") or None)
    if digits is not None:
        if isinstance(digits, bool) or not digits.isdecimal() or 0 < int(digits) < 640:
            name = "-X int_max_str_digits" if "int_max_str_digits" in xoptions else ""
            raise FatalError(
                f"config_init_int_max_str_digits: {name or 'PYTHONINTMAXSTRDIGITS'}: invalid limit;"
                " must be >= 640 or 0 for unlimited."
            )
        config.int_max_str_digits = int(digits)


def _read_utf8_mode(option: str | bool | None, variable: str) -> int:
    if option is not None:
        if option not in (True, "0", "1"):
            raise FatalError("preconfig_init_utf8_mode: invalid -X utf8 option value")
        return int(option)
    if variable not in ("", "0", "1"):
        raise FatalError("preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value")
    return int(variable or 0)

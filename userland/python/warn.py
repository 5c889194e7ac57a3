# SPDX-License-Identifier: BSD-2-Clause
"""Warnings: the module _warnings, and those that come from C itself.  CPython Python/_warnings.c.

The filters are the process's, and a line is one of the program: frames of the machine do
not count, as C has none.
"""

import sys as host_sys
from sys import version_info
from types import FrameType, ModuleType, SimpleNamespace
from typing import Any, Final

from userland.libc.data import curdata
from userland.python.frames import program_frame

_Filter = tuple[str, Any, type[Warning], Any, int]

# Where there is no frame, at the end of a program.
_NOWHERE: Final = ("<sys>", 0) if version_info >= (3, 13) else ("sys", 1)


class Warnings:
    """What one process keeps of warnings (struct _warnings_runtime_state)."""

    def __init__(self) -> None:
        self.version = 0
        self.once: dict[Any, Any] = {}
        self.default = "default"
        ignored = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
        self.filters: list[_Filter] = [("default", None, DeprecationWarning, "__main__", 0)]
        self.filters += [("ignore", None, category, None, 0) for category in ignored]

    def mutated(self) -> None:
        """The filters have changed: what was shown once may be shown again."""
        self.version += 1


def make_warnings() -> ModuleType:
    """Return a process's _warnings."""
    state: Warnings = curdata().runtime.warnings
    module = ModuleType("_warnings", "Low-level interface to warnings functionality.")
    vars(module).update(
        filters=state.filters,
        _onceregistry=state.once,
        _defaultaction=state.default,
        _filters_mutated=state.mutated,
        warn=module_warn,
        warn_explicit=warn_explicit,
    )
    return module


def module_warn(
    message: Any,
    category: Any = None,
    stacklevel: int = 1,
    source: object = None,
    *,
    skip_file_prefixes: tuple[str, ...] = (),
) -> None:
    """warnings.warn().

    Raises:
        Warning: the filters make an error of it. TypeError: category is none.
    """
    if isinstance(message, Warning):
        category = type(message)
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        name = type(category).__name__
        raise TypeError(f"category must be a Warning subclass, not '{name}'")
    if not isinstance(skip_file_prefixes, tuple) or not all(
        isinstance(prefix, str) for prefix in skip_file_prefixes
    ):
        raise TypeError("skip_file_prefixes must be a tuple of strs.")
    if skip_file_prefixes:
        stacklevel = max(stacklevel, 2)
    warn(message, category, stacklevel, source, skip_file_prefixes)


def warn(
    message: Any,
    category: type[Warning],
    stacklevel: int = 1,
    source: object = None,
    skip: tuple[str, ...] = (),
) -> None:
    """Warn as PyErr_WarnEx.

    Args:
        message: the text.
        category: what kind.
        stacklevel: 1 is the line of the program that runs, 2 the one that has called it.
        source: the object it is about, for tracemalloc.
        skip: beginnings of the names of files that are not meant.

    Raises:
        Warning: the filters make an error of it.
    """
    runtime = curdata().runtime
    if runtime is None:
        return
    frame = program_frame(host_sys._getframe(1))
    for _ in range(stacklevel - 1):
        frame = _outer(frame, skip)
    if frame is None:
        filename, line = _NOWHERE
        names = vars(runtime.sys)
    else:
        filename, line, names = frame.f_code.co_filename, frame.f_lineno, frame.f_globals
    registry = names.setdefault("__warningregistry__", {})
    module = names.get("__name__", "<string>")
    warn_explicit(message, category, filename, line, module, registry, source=source)


def _outer(frame: FrameType | None, skip: tuple[str, ...]) -> FrameType | None:
    """Return the frame of the program that has called frame."""
    frame = program_frame(frame.f_back) if frame is not None else None
    while frame is not None and skip and frame.f_code.co_filename.startswith(skip):
        frame = program_frame(frame.f_back)
    return frame


def warn_explicit(
    message: Any,
    category: Any,
    filename: str,
    lineno: int,
    module: str | None = None,
    registry: dict[Any, Any] | None = None,
    module_globals: dict[str, Any] | None = None,
    source: object = None,
) -> None:
    """warnings.warn_explicit().

    Raises:
        Warning: the filters make an error of it.
    """
    runtime = curdata().runtime
    state: Warnings = runtime.warnings
    if module is None:
        module = filename.removesuffix(".py") or "<unknown>"
    if isinstance(message, Warning):
        text = str(message)
        category = type(message)
    else:
        text = message
        message = category(message)
    key = (text, category, lineno)
    if registry is not None and _already(state, registry, key):
        return
    warnings: Any = runtime.sys.modules.get("warnings")
    action, item = _action(state, warnings, category, text, lineno, module)
    if action == "error":
        raise message
    if action == "ignore":
        return
    if action not in ("always", "all"):
        if registry is not None:
            registry[key] = True
        if action == "once":
            once = state.once if warnings is None else warnings.onceregistry
            if _already(state, once, (text, category), add=True):
                return
        elif action == "module":
            if registry is not None and _already(state, registry, (text, category, 0), add=True):
                return
        elif action != "default":
            raise RuntimeError(f"Unrecognized action ({action!r}) in warnings.filters:\n {item!r}")
    if warnings is None and source is not None:
        warnings = runtime.importer.import_("warnings")
    line = _line_of_module(module_globals, lineno)
    if warnings is None:
        _show(runtime, category, text, filename, lineno, line)
        return
    if line is None and filename.startswith("<") and filename in runtime.sources:
        line = _line(runtime, filename, lineno)  # of -c; linecache looks for files
    said = warnings.WarningMessage(message, category, filename, lineno, None, line, source)
    warnings._showwarnmsg(said)


def _already(state: Warnings, registry: dict[Any, Any], key: Any, add: bool = False) -> bool:
    """Whether registry knows that this was shown since the filters have changed."""
    if registry.get("version") != state.version:
        registry.clear()
        registry["version"] = state.version
    elif registry.get(key):
        return True
    if add:
        registry[key] = True
    return False


def _action(
    state: Warnings, warnings: Any, category: type[Warning], text: Any, lineno: int, module: str
) -> tuple[str, object]:
    """Return what the first filter that fits says, and that filter."""
    filters = state.filters if warnings is None else warnings.filters
    for item in filters:
        action, words, kind, place, line = item
        if (
            issubclass(category, kind)
            and line in (0, lineno)
            and _fits(words, str(text))
            and _fits(place, module)
        ):
            return action, item
    return (state.default if warnings is None else warnings.defaultaction), None


def _fits(pattern: Any, text: str) -> bool:
    if pattern is None:
        return True
    return bool(pattern == text if isinstance(pattern, str) else pattern.match(text))


def _line_of_module(names: dict[str, Any] | None, lineno: int) -> str | None:
    """Return the line of a module whose loader knows its source."""
    if not names:
        return None
    loader = names.get("__loader__")
    get_source = getattr(loader, "get_source", None)
    if get_source is None or "__name__" not in names:
        return None
    lines = (get_source(names["__name__"]) or "").splitlines()
    return lines[lineno - 1] if 0 < lineno <= len(lines) else None


def _line(runtime: Any, filename: str, lineno: int) -> str:
    lines: list[str] = runtime.source(filename).decode("utf-8", "replace").splitlines()
    return lines[lineno - 1] if 0 < lineno <= len(lines) else ""


def _show(
    runtime: Any, category: type[Warning], text: Any, filename: str, lineno: int, line: str | None
) -> None:
    """Say it without the help of the module warnings."""
    if line is None:
        line = _line(runtime, filename, lineno)
    shown = f"  {line.strip()}\n" if line.strip() else ""
    runtime.say(f"{filename}:{lineno}: {category.__name__}: {text}\n{shown}")


def resource_warning(message: str, source: object) -> None:
    """Warn of what was left open; if that is an error, nobody is there to catch it."""
    try:
        warn(message, ResourceWarning, 1, source)
    except Warning as exc:
        curdata().runtime.unraisable(
            SimpleNamespace(
                exc_type=type(exc),
                exc_value=exc,
                exc_traceback=exc.__traceback__,
                err_msg=None,
                object=source,
            )
        )

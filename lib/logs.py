"""What the log says of errors: their kind and where they arose, and never what they say.

That may be what somebody wrote or typed, a name of a file, or a token: engines, readers and servers quote it.
"""

import errno
import logging
import sys
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final

LOG = logging.getLogger(__name__)
HIDDEN: Final = "…"
# What tells of a sign-in that went wrong repeats what the address of the answer said.
_REPEATS_THE_ADDRESS: Final = "streamlit.web.server.starlette.starlette_auth_routes"
# Tells of a task with its error, after the first line.
_ASYNCIO: Final = "asyncio"


def keep_values_out() -> None:
    """From now on no error of this process, whoever logs it or lets it fall, is logged or printed with its words."""
    logging.setLogRecordFactory(_record)
    sys.excepthook = _fallen
    threading.excepthook = lambda told: _fallen(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _fallen(told.exc_type, told.exc_value, told.exc_traceback)


def kind_of(error: BaseException) -> str:
    """What kind of error it is; what it says too, where its class says that nothing of people stands in it."""
    if getattr(error, "is_fit_for_logs", False):
        return f"{type(error).__name__}: {error}"
    codes = [errno.errorcode.get(error.errno or 0, "")] if isinstance(error, OSError) else []
    # Of a mail server, its answer as a number.
    codes.append(str(getattr(error, "smtp_code", "")))
    told = " ".join(filter(None, codes))
    return f"{type(error).__name__} [{told}]" if told else type(error).__name__


def whence(error: BaseException) -> str:
    """Where it arose, line by line, and of what, as Python tells it, without what was said."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in told:
        yield from _lines(before, told)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    place = error.__traceback__
    while place:
        code = place.tb_frame.f_code
        yield f'  File "{code.co_filename}", line {place.tb_lineno}, in {code.co_name}'
        place = place.tb_next
    yield kind_of(error)
    for each in getattr(error, "exceptions", ()):
        if id(each) not in told:
            yield from _lines(each, told)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    if record.name == _ASYNCIO:
        record.msg = str(record.msg).partition("\n")[0]
    if isinstance(record.msg, BaseException):
        record.msg, record.args = kind_of(record.msg).replace("%", "%%"), ()
    if isinstance(record.args, tuple):
        record.args = tuple(_fit(each, record.name) for each in record.args)
    elif record.args:
        record.args = {name: _fit(each, record.name) for name, each in record.args.items()}
    if record.exc_info:
        error = record.exc_info[1]
        # Taken by every formatter in place of what it would make itself.
        record.exc_info, record.exc_text = None, whence(error) if error else None
    return record


def _fit(value: Any, logger: str) -> Any:
    if isinstance(value, BaseException):
        return kind_of(value)
    return HIDDEN if logger == _REPEATS_THE_ADDRESS and isinstance(value, str) else value


def _fallen(kind: type[BaseException], error: BaseException | None, _place: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    LOG.critical("ended by an error", exc_info=error or kind())

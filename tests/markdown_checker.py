"""Finds text that may hold data where Streamlit would read it as Markdown."""

import ast
import re
from collections.abc import Container, Iterator

# Calls of Streamlit that read Markdown in these of their positions, and the keywords that do.
ALL = slice(None)
LABELLED = """
    badge button caption checkbox color_picker date_input datetime_input dialog download_button error expander
    feedback file_uploader form_submit_button header info link_button markdown menu_button metric multiselect
    number_input pills popover radio segmented_control select_slider selectbox slider spinner status subheader
    success table tabs text_area text_input time_input title toast toggle warning camera_input audio_input latex
"""
MARKDOWN_AT: dict[str, slice] = {
    **dict.fromkeys(LABELLED.split(), slice(0, 1)),
    "metric": slice(0, 3),
    "write": ALL,
    "write_stream": ALL,
    "progress": slice(1, 2),
    "page_link": slice(1, 2),
    "image": slice(1, 2),
    # These draw their options as Markdown too.
    **dict.fromkeys(["pills", "radio", "segmented_control"], slice(0, 2)),
}
MARKDOWN_KEYWORDS = {"label", "body", "help", "caption", "captions", "text", "title", "value", "delta", "options"}
# `value` is text to draw in a metric only, and `options` are in the three calls above only.
VALUE_IN, OPTIONS_IN = {"metric"}, {"pills", "radio", "segmented_control"}
OTHERS = {"log", "logger", "logging", "file", "csv", "writer", "alt", "chart"}

FORMATTING = {
    *("number", "percent", "moment", "day", "clock", "calendar_day", "duration", "file_size", "zone_label"),
    *("len", "int", "round", "mark"),
}
TRANSLATING = {"_": 1, "_p": 2, "plural": 2}


def drawn_as_markdown(source: str) -> list[str]:
    """Texts that may hold data, as "line: expression", given to something that reads them as Markdown."""
    tree = _with_own_names(ast.parse(source))
    names = _safe_names(tree)
    found = {
        (node.lineno, LOCAL.sub("", ast.unparse(node)))
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for node in _markdown(call)
        if not _is_safe(node, names)
    }
    return [f"{line}: {text}" for line, text in sorted(found)]


# A local name is told apart from those of other functions by the function's name and this letter in front of it.
MARK = "ǀ"
LOCAL = re.compile(rf"\w+{MARK}")


def _with_own_names(tree: ast.Module) -> ast.Module:
    for scope in tree.body:
        if isinstance(scope, ast.FunctionDef | ast.ClassDef):
            local = {name for node in ast.walk(scope) for name in _bound(node)}
            for node in ast.walk(scope):
                if isinstance(node, ast.Name) and node.id in local:
                    node.id = f"{scope.name}{MARK}{node.id}"
                elif isinstance(node, ast.arg):
                    node.arg = f"{scope.name}{MARK}{node.arg}"
    return tree


def _bound(node: ast.AST) -> list[str]:
    if isinstance(node, ast.arg):
        return [node.arg]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _markdown(call: ast.Call) -> Iterator[ast.expr]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in MARKDOWN_AT:
        return
    name, receiver = call.func.attr, ast.unparse(call.func.value)
    if receiver.split(".")[0].split("(")[0] in OTHERS or isinstance(call.func.value, ast.Constant):
        return
    yield from call.args[MARKDOWN_AT[name]]
    for keyword in call.keywords:
        if keyword.arg in MARKDOWN_KEYWORDS and not _is_other(keyword.arg, name):
            yield keyword.value


def _is_other(keyword: str, name: str) -> bool:
    return (keyword == "value" and name not in VALUE_IN) or (keyword == "options" and name not in OPTIONS_IN)


def _safe_names(tree: ast.AST) -> set[str]:
    """Names that are only ever given safe text, wherever they stand in the module."""
    given: dict[str, list[ast.expr | None]] = {}
    bound = [pair for node in ast.walk(tree) for pair in _bindings(node)]
    for name, value in [*bound, *_arguments(tree), *_results(tree)]:
        given.setdefault(name, []).append(value)
    safe: set[str] = set()
    while True:
        more = {
            n for n, values in given.items() if all(value is not None and _is_safe(value, safe) for value in values)
        }
        if more == safe:
            return safe
        safe = more


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _targets(target, value)
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=value) | ast.NamedExpr(target=ast.Name(id=name), value=value)
        ):
            yield name, value
        case ast.AugAssign(target=ast.Name(id=name)):
            yield name, None
        case ast.For(target=target, iter=ast.Attribute() as value):
            yield from _targets(target, value)
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield from _targets(target, value if _is_own_wording(value) else None)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _targets(target, None)
        case ast.Lambda(args=arguments):
            yield from ((argument.arg, None) for argument in arguments.args)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name, None) for alias in names)


def _targets(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for part, given in zip(target.elts, value.elts, strict=True):
            yield from _targets(part, given)
    elif value is not None and _is_own_wording(value):
        yield from ((node.id, value) for node in ast.walk(target) if isinstance(node, ast.Name))
    else:
        yield from ((node.id, None) for node in ast.walk(target) if isinstance(node, ast.Name))


def _arguments(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Parameters with what they are given: of a private function that is only ever called, by its calls."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    called = {id(call.func) for call in calls}
    handed_on = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    for function in _functions(tree):
        own = [call for call in calls if call.func.id == function.name]
        known = function.name.startswith("_") and function.name not in handed_on
        parameters = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
        keywords = [argument.arg for argument in function.args.kwonlyargs]
        if not known:
            yield from ((parameter, None) for parameter in [*parameters, *keywords])
            continue
        yield from _defaults(function.args)
        for call in own:
            yield from zip(parameters, call.args, strict=False)
            for keyword in call.keywords:
                yield from (
                    (name, keyword.value) for name in parameters + keywords if name.endswith(f"{MARK}{keyword.arg}")
                )


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr | None]]:
    last = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    yield from zip([argument.arg for argument in last], arguments.defaults, strict=False)
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value:
            yield argument.arg, value


def _results(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Functions, as "name()", with what they return."""
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                yield f"{function.name}()", node.value


def _functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _is_safe(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression can hold nothing but the program's own words, numbers and times."""
    match node:
        case ast.Constant():
            return True
        case ast.Name() | ast.Subscript() | ast.Attribute() | ast.Call(func=ast.Attribute(attr="values")):
            return _is_own_wording(node, names)
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[part]):
            return _is_own_wording(part)
        case ast.Call(func=ast.Name(id=name)) if name in TRANSLATING:
            return _is_safe_wording(node, TRANSLATING[name], names)
        case ast.Call(func=ast.Name(id=name)):
            return (
                name in FORMATTING
                or f"{name}()" in names
                or (name == "listing" and all(_is_safe(part, names) for part in node.args))
            )
        case ast.ListComp(elt=part, generators=loops) | ast.GeneratorExp(elt=part, generators=loops):
            own = {name for loop in loops for name, value in _bindings(loop) if value}
            return _is_safe(part, names | own)
        case ast.FormattedValue(value=part):
            return _is_safe(part, names)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=parts):
            return all(_is_safe(part, names) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            return _is_safe(left, names) and _is_safe(right, names)
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            return all(_is_safe(part, names) for part in parts)
    return False


def _is_safe_wording(call: ast.Call, texts: int, names: set[str]) -> bool:
    fields = [keyword.value for keyword in call.keywords if keyword.arg != "n"]
    known = all(keyword.arg for keyword in call.keywords)
    return (
        known
        and all(_is_own_wording(text, names) for text in call.args[:texts])
        and all(_is_safe(field, names) for field in fields)
    )


def _is_own_wording(node: ast.expr, names: Container[str] = ()) -> bool:
    """Whether something is the program's own: a constant, or taken out of a table of them (`names` are safe)."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name.isupper() or name in names
        case ast.Attribute(value=owner, attr=attr):
            return attr.isupper() or _is_own_wording(owner, names)
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="values"), args=[]):
            return _is_own_wording(table, names)
        case ast.IfExp(body=body, orelse=other):
            return _is_own_wording(body, names) and _is_own_wording(other, names)
    return False

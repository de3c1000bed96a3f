"""What the code records in the audit, read out of its source: actions, keys of details, names of fields.

What can't be read is an error, so that nothing slips past the words that people are shown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from consents.models import EventKind
from gdpr_requests.models import EventKind as Step

WRITERS = ("record", "record_many")
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
ROOMS = ("accounts", "audit", "consents", "contacts", "crm", "gdpr_requests", "intake", "outreach", "privacy", "tasks")
# f"import.{state}" and the like: what stands for the missing part.
ENDINGS = {"import.": ("done", "failed"), "consent.": tuple(EventKind.values), "request.": tuple(Step.values)}
# Keys that are names of permissions, see `accounts.permission_labels`.
PERMISSIONS = {"accounts/administration.py"}


@dataclass(frozen=True)
class Writing:
    """One call that writes into the audit, and where it stands."""

    path: str
    module: ast.Module
    function: ast.AST
    call: ast.Call

    @property
    def name(self) -> str:
        return str(getattr(self.call.func, "id", getattr(self.call.func, "attr", "")))

    def argument(self, name: str, place: int | None = None) -> ast.expr | None:
        given = {word.arg: word.value for word in self.call.keywords}
        if name in given:
            return given[name]
        return self.call.args[place] if place is not None and len(self.call.args) > place else None

    def unreadable(self, node: ast.AST) -> AssertionError:
        return AssertionError(f"{self.path}:{self.call.lineno}: can't read {ast.unparse(node)}")


@cache
def _modules() -> dict[str, ast.Module]:
    base = Path(settings.BASE_DIR)
    paths = [path for room in ROOMS for path in (base / room).rglob("*.py")]
    return {str(path.relative_to(base)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def _writings() -> tuple[Writing, ...]:
    return tuple(_found())


def _found() -> Iterator[Writing]:
    for path, module in _modules().items():
        if path == "audit/services.py":
            continue
        rows = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "audit.services"
            and "Row" in [alias.name for alias in node.names]
            for node in module.body
        )
        for function in ast.walk(module):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call):
                    writing = Writing(path, module, function, call)
                    if writing.name in WRITERS or (rows and writing.name == "Row"):
                        yield writing


def actions() -> set[str]:
    """Every action that is recorded."""
    return {
        action
        for writing in _writings()
        if writing.name in WRITERS and (first := writing.argument("action", 0)) is not None
        for action in _actions(writing, first)
    }


def _actions(writing: Writing, node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _actions(writing, node.body)
        yield from _actions(writing, node.orelse)
    elif isinstance(node, ast.JoinedStr):
        start = str(node.values[0].value) if isinstance(node.values[0], ast.Constant) else ""
        if start not in ENDINGS:
            raise writing.unreadable(node)
        yield from (start + ending for ending in ENDINGS[start])
    elif isinstance(node, ast.Name):
        found = [*_constants(node.id), *_strings_of(writing, node.id), *_given_actions(writing, node.id)]
        if not found:
            raise writing.unreadable(node)
        yield from found
    else:
        raise writing.unreadable(node)


def _given_actions(writing: Writing, name: str) -> Iterator[str]:
    """What callers give for a parameter of that name."""
    for caller, value in _given(writing.function, name):
        yield from _actions(caller, value)


def _given(function: ast.AST, name: str) -> Iterator[tuple[Writing, ast.expr]]:
    """Every value that is given for a parameter of a function, with the call that gives it."""
    if not isinstance(function, ast.FunctionDef):
        return
    places = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    if name not in (*places, *(argument.arg for argument in function.args.kwonlyargs)):
        return
    for caller in _calls_of(function):
        value = caller.argument(name, places.index(name) if name in places else None)
        if value is not None:
            yield caller, value


def _calls_of(function: ast.FunctionDef) -> Iterator[Writing]:
    """The calls of a function; of a private one those in its own module."""
    for path, module in _modules().items():
        if function.name.startswith("_") and function not in ast.walk(module):
            continue
        for scope in ast.walk(module):
            if isinstance(scope, ast.FunctionDef):
                for call in ast.walk(scope):
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == function.name:
                        yield Writing(path, module, scope, call)


def _constants(name: str) -> Iterator[str]:
    """The values of a constant of that name, in any module."""
    for module in _modules().values():
        for node in module.body:
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == name for t in node.targets):
                yield from _codes(node.value)


def _strings_of(writing: Writing, name: str) -> Iterator[str]:
    """What a name of the function can be: the codes in what it is bound to."""
    for node in ast.walk(writing.function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.For):
            targets, value = [node.target], node.iter
        if any(getattr(part, "id", "") == name for target in targets for part in ast.walk(target)):
            yield from _codes(value)


def _codes(node: ast.expr) -> Iterator[str]:
    texts = [str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)]
    yield from (text for text in texts if ACTION.fullmatch(text))


def detail_keys() -> set[str]:
    """Every key of a detail; of numbered ones ("role.0") the part before the dot."""
    found: set[str] = set()
    for writing in _writings():
        node = writing.argument("detail", 3 if writing.name == "Row" else None)
        if node is not None and not (isinstance(node, ast.Constant) and node.value is None):
            found |= set(_keys(writing, node, writing.function))
    return {key.partition(".")[0] for key in found}


def _keys(writing: Writing, node: ast.expr, function: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from _keys(writing, value, function) if key is None else _key(writing, key)
    elif isinstance(node, ast.DictComp):
        yield from _key(writing, node.key, function)
    elif isinstance(node, (ast.IfExp, ast.BinOp, ast.BoolOp)):
        for part in _sides(node):
            yield from _keys(writing, part, function)
    elif isinstance(node, ast.Name):
        yield from _bound(writing, node, function)
    elif isinstance(node, ast.Attribute):
        yield from _property(writing, node)
    elif isinstance(node, ast.Call):
        yield from _returned(writing, node)
    elif not (isinstance(node, ast.Constant) and node.value is None):
        raise writing.unreadable(node)


def _sides(node: ast.IfExp | ast.BinOp | ast.BoolOp) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return node.values if isinstance(node, ast.BoolOp) else [node.left, node.right]


def _key(writing: Writing, node: ast.expr, function: ast.AST | None = None) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value)
    elif function is not None and isinstance(node, ast.Name):
        # {name: … for name in <a dict or names of permissions>}
        if writing.path not in PERMISSIONS:
            yield from _keys_of_comprehension(function)
    else:
        raise writing.unreadable(node)


def _keys_of_comprehension(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))


def _bound(writing: Writing, name: ast.Name, function: ast.AST) -> Iterator[str]:
    if isinstance(function, ast.FunctionDef) and function.args.kwarg and function.args.kwarg.arg == name.id:
        yield from _handed_on(function)
        return
    values = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            targets = [node.target]
        else:
            continue
        if any(getattr(target, "id", "") == name.id for target in targets) and node.value is not None:
            values.append(node.value)
    given = list(_given(function, name.id))
    if not values and not given:
        raise writing.unreadable(name)
    for value in values:
        yield from _keys(writing, value, function)
    for caller, value in given:
        yield from _keys(caller, value, caller.function)


def _handed_on(function: ast.FunctionDef) -> Iterator[str]:
    """`def note(*, actor, **detail)`: the words that its callers give beyond its own."""
    own = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    for caller in _calls_of(function):
        for word in caller.call.keywords:
            if word.arg is None:
                yield from _keys(caller, word.value, caller.function)
            elif word.arg not in own:
                yield word.arg


def _returned(writing: Writing, call: ast.Call) -> Iterator[str]:
    """What a function of this module returns; a dataclass's `as_dict` returns its fields."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "fromkeys" and writing.path in PERMISSIONS:
        return
    if name == "dict":
        for value in call.args:
            yield from _keys(writing, value, writing.function)
        yield from (word.arg for word in call.keywords if word.arg)
    elif name == "as_dict":
        yield from _fields_of_class_with(writing.module, name)
    else:
        found = [node for node in ast.walk(writing.module) if isinstance(node, ast.FunctionDef) and node.name == name]
        values = [(n.value, one) for one in found for n in ast.walk(one) if isinstance(n, ast.Return) and n.value]
        if not values:
            raise writing.unreadable(call)
        for value, function in values:
            yield from _keys(writing, value, function)


def _fields_of_class_with(module: ast.Module, method: str) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and any(getattr(part, "name", "") == method for part in node.body):
            yield from (part.target.id for part in node.body if isinstance(part, ast.AnnAssign))


def _property(writing: Writing, node: ast.Attribute) -> Iterator[str]:
    """What a property of that name returns, wherever it is; `form.codes` are the filters of a form."""
    for module in _modules().values():
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and function.name == node.attr:
                for form in ast.walk(module):
                    if isinstance(form, ast.ClassDef) and function in form.body:
                        yield from (
                            part.targets[0].id
                            for part in form.body
                            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name)
                        )
                return
    raise writing.unreadable(node)


def field_names() -> set[str]:
    """Names of fields that stand in the source; those that a form or a model gives are checked with it."""
    found: set[str] = set()
    for writing in _writings():
        node = writing.argument("fields", 2 if writing.name == "Row" else None)
        if isinstance(node, (ast.List, ast.Tuple)):
            found |= {str(part.value) for part in node.elts if isinstance(part, ast.Constant)}
    return found


def panels() -> set[str]:
    """The names of the panels of a card."""
    return {
        str(call.args[0].value)
        for path, module in _modules().items()
        if path.endswith("/card.py")
        for call in ast.walk(module)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "Panel"
        and isinstance(call.args[0], ast.Constant)
    }

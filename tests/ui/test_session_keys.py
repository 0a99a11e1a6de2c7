"""No two modules of the pages share a key of the session's state."""

import ast
import inspect
from collections import Counter, defaultdict
from pathlib import Path

from ui import session_keys

ROOT = Path(__file__).parents[2]
MODULES = [*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
TABLE = ROOT / "ui" / "session_keys.py"
CONSTANTS = {name: value for name, value in vars(session_keys).items() if name.isupper()}
FUNCTIONS = [each for each in vars(session_keys).values() if inspect.isfunction(each)]
SHARED = {"DATASET"}  # a field of the recipe


def is_state(node):
    return isinstance(node, ast.Attribute) and node.attr == "session_state"


def given_keys(tree):
    """The expressions that name a key: `key=...`, `st.session_state[...]`, `.get(...)`, `... in st.session_state`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "key")
            if isinstance(node.func, ast.Attribute) and is_state(node.func.value):
                yield from node.args[:1]
        elif isinstance(node, ast.Subscript) and is_state(node.value):
            yield node.slice
        elif isinstance(node, ast.Compare) and any(map(is_state, node.comparators)):
            yield node.left


def test_every_key_comes_from_the_table():
    written = [
        f"{path.relative_to(ROOT)}:{key.lineno} {ast.unparse(key)}"
        for path in MODULES
        if path != TABLE
        for key in given_keys(ast.parse(path.read_text()))
        if isinstance(key, ast.JoinedStr | ast.BinOp) or (isinstance(key, ast.Constant) and isinstance(key.value, str))
    ]
    assert not written


def test_nothing_is_kept_by_an_attribute_of_the_state():
    methods = {"get", "pop", "setdefault", "update"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Attribute) and is_state(node.value)) or node.attr in methods, (path, node.lineno)


def test_each_key_is_used_by_one_module():
    users = defaultdict(set)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "keys":
                users[node.attr].add(str(path.relative_to(ROOT)))
    assert {name: used for name, used in users.items() if name in CONSTANTS and name not in SHARED and len(used) > 1} == {}
    assert set(CONSTANTS) <= set(users), "a key that nothing uses"


def test_no_two_keys_are_the_same():
    """Built ones are tried with the same part each; those whose first part is an argument are told apart by it."""
    built = []
    for function in FUNCTIONS:
        names = list(inspect.signature(function).parameters)
        built.append(function(*(7 if "checksum" in name else "x" for name in names)))
    counts = Counter([*CONSTANTS.values(), *(key for key in built if not key.startswith("x"))])
    assert [key for key, count in counts.items() if count > 1] == []


def test_no_key_is_the_name_of_a_recipe_field():
    from core.recipe import FIELDS

    assert set(CONSTANTS.values()) & set(FIELDS) == {"dataset"}

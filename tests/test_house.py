"""The house checks itself: where things live, who may import whom, what every feature, service and text owes."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from telegram import InlineKeyboardButton
from telegram.constants import BotCommandLimit, InlineKeyboardButtonLimit, MessageLimit

import handlers
from carefund_bot.fund import Fund
from carefund_bot.texts.deliveries import WORDINGS
from carefund_bot.texts.words import LANGUAGES, words_in
from handlers import FEATURES
from handlers.feature import Feature, button

ROOT = Path(__file__).parent.parent
PACKAGES = ("carefund_bot", "commands", "handlers", "sandbox", "tools")
FILES_WITH_MORE_LINES_THAN_A_READER_LIKES = 500

STOREYS = (
    {"bot"},
    {"commands"},
    {"handlers"},
    {"carefund_bot.web", "carefund_bot.transport", "carefund_bot.fund", "carefund_bot.texts"},
    {"carefund_bot.services", "carefund_bot.seeding"},
    {"carefund_bot.files", "carefund_bot.store", "carefund_bot.understanding"},
    {"carefund_bot.settings", "carefund_bot.access", "carefund_bot.sealing"},
    {"carefund_bot.domain"},
    {"carefund_bot.clock", "carefund_bot.errors", "carefund_bot"},
)
"""From the roof down: whoever stands in one may import what stands below it, or beside it."""

USES_TEXTS = {"bot", "commands", "handlers", "carefund_bot.transport", "carefund_bot.texts"}
STRANGERS_TO_THE_DOMAIN = {"telegram", "sqlite3", "aiosqlite", "aiohttp", "asyncio"}
WORKERS = {"Accounts", "Delivering", "Minding", "NoticeClock", "Pulse"}
"""Services that no person calls, or that are asked before anybody knows who speaks: see tests/test_access.py."""
OPEN_TO_EVERYBODY = {
    "Linking.look_at",
    "Linking.accept",
    "Linking.bound_by",
    "Linking.let_go",
    *(f"Asking.{what}" for what in ("open", "mine", "look", "replied_to", "add", "close", "rate")),
    *(f"Faq.{what}" for what in ("entries", "entry", "best_for", "search")),
    "Week.note_asked",
    "Learning.note_unclear",
}
ASKING = {"require", "_require_any"}
"""What a service method's first statement may call; `_require_any` is `require` for any of several permissions."""


@cache
def sources() -> dict[str, ast.Module]:
    """Dotted module name -> its syntax tree."""
    files = [ROOT / "bot.py", *(file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))]
    return {module_name(file): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def place(module: str) -> str:
    """The part of the house that a module stands in."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "carefund_bot" and len(parts) > 1 else parts[0]


def storey(module: str) -> int | None:
    return next((level for level, parts in enumerate(STOREYS) if place(module) in parts), None)


def own_modules() -> Iterator[tuple[str, ast.Module]]:
    """Without the sandbox and the tools, which are no part of the house."""
    for module, tree in sources().items():
        if module.partition(".")[0] not in {"sandbox", "tools"}:
            yield module, tree


def test_every_part_of_the_house_has_its_storey() -> None:
    homeless = sorted({place(module) for module, _ in own_modules() if storey(module) is None})
    assert not homeless, f"say in STOREYS of tests/test_house.py how high {homeless} stands"


def test_imports_go_down() -> None:
    upward = []
    for module, tree in own_modules():
        here = storey(module)
        for imported in imports_of(tree):
            there = storey(imported)
            if here is not None and there is not None and there < here:
                upward.append(f"{module} looks up to {imported}")
    assert upward == []


def test_the_domain_knows_neither_telegram_nor_sql() -> None:
    for module, tree in own_modules():
        if place(module) == "carefund_bot.domain":
            known = {name.partition(".")[0] for name in imports_of(tree)}
            assert not known & STRANGERS_TO_THE_DOMAIN, module


def test_the_domain_never_awaits() -> None:
    for module, tree in own_modules():
        if place(module) == "carefund_bot.domain":
            assert not any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(tree)), module


def test_only_the_database_module_imports_aiosqlite() -> None:
    importers = [module for module, tree in sources().items() if "aiosqlite" in set(imports_of(tree))]
    assert importers == ["carefund_bot.store.database"]


def test_telegram_stays_out_of_services_and_store() -> None:
    for module, tree in own_modules():
        if place(module) in {"carefund_bot.services", "carefund_bot.store", "carefund_bot.files", "carefund_bot.texts"}:
            assert "telegram" not in {name.partition(".")[0] for name in imports_of(tree)}, module


def test_words_are_used_at_the_edge_only() -> None:
    for module, tree in own_modules():
        if place(module) not in USES_TEXTS:
            assert not any(place(name) == "carefund_bot.texts" for name in imports_of(tree)), module


def test_the_sandbox_knows_nothing_of_the_house() -> None:
    for module, tree in sources().items():
        if module.partition(".")[0] == "sandbox":
            assert {storey(name) for name in imports_of(tree)} == {None}, module


def test_no_file_is_too_long_to_read() -> None:
    """Tests aside: a reader takes them one story at a time."""
    files = [ROOT / "bot.py", *(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))]
    long = {
        str(file.relative_to(ROOT)): lines
        for file in files
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > FILES_WITH_MORE_LINES_THAN_A_READER_LIKES
    }
    assert long == {}


def test_nobody_prints_but_commands() -> None:
    for module, tree in sources().items():
        if module.partition(".")[0] in {"bot", "commands", "tools"}:
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        assert not [call for call in calls if getattr(call.func, "id", "") == "print"], module


def test_there_is_no_drawer_for_everything() -> None:
    assert [module for module in sources() if re.search(r"\b(utils?|helpers?|misc|common)$", module)] == []


# Features


def features_in_modules() -> dict[str, Feature]:
    found = {}
    for info in pkgutil.walk_packages(handlers.__path__, "handlers."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, Feature):
                found[f"{info.name}.{name}"] = value
    return found


def test_every_feature_is_in_the_table_of_contents() -> None:
    forgotten = [where for where, feature in features_in_modules().items() if feature not in FEATURES]
    assert not forgotten, f"add {forgotten} to FEATURES in handlers/__init__.py"


def doubles(words: list[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def test_names_and_commands_are_unique() -> None:
    assert doubles([feature.name for feature in FEATURES]) == []
    assert doubles([feature.command for feature in FEATURES if feature.command]) == []


def test_a_key_or_phrase_opens_one_feature() -> None:
    opening: list[str] = []
    for feature in FEATURES:
        labels = [str(feature.label(words_in(language))) for language in LANGUAGES] if feature.label else []
        opening += {phrase.casefold() for phrase in (*labels, *feature.phrases)}
    assert doubles(opening) == []


@pytest.mark.parametrize("feature", [feature for feature in FEATURES if feature.command], ids=lambda one: one.name)
def test_a_command_is_one_that_telegram_takes(feature: Feature) -> None:
    assert feature.command
    assert re.fullmatch(rf"[a-z][a-z0-9_]{{0,{BotCommandLimit.MAX_COMMAND - 1}}}", feature.command)
    assert feature.summary, "a command stands in the menu with a summary"
    for language in LANGUAGES:
        said = str(feature.summary(words_in(language)))
        assert BotCommandLimit.MIN_DESCRIPTION <= len(said) <= BotCommandLimit.MAX_DESCRIPTION


@pytest.mark.parametrize("feature", FEATURES, ids=lambda one: one.name)
def test_names_leave_room_in_a_buttons_data(feature: Feature) -> None:
    assert ":" not in feature.name
    for verb in feature.buttons:
        assert ":" not in verb
        made = button("-", feature.name, verb, "9" * 12, "r" * 12)
        assert isinstance(made, InlineKeyboardButton)


def test_a_button_with_too_much_data_is_not_made() -> None:
    longest = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    assert button("-", "f", "v", "x" * (longest - 4)).callback_data
    for argument in ("x" * longest, "字" * (longest // 3)):
        with pytest.raises(AssertionError):
            button("-", "f", "v", argument)


def test_an_argument_may_not_look_like_two() -> None:
    with pytest.raises(AssertionError):
        button("-", "f", "v", "a:b", "request")


# Services


def service_classes() -> dict[str, ast.ClassDef]:
    """The classes that `Fund` hands out, by name."""
    annotations = ast.parse((ROOT / "carefund_bot/fund.py").read_text(encoding="utf-8"))
    used = {
        node.func.id for node in ast.walk(annotations) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return {
        node.name: node
        for module, tree in own_modules()
        if place(module) == "carefund_bot.services"
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name in used - {"Ground"}
    }


def public_methods(service: ast.ClassDef) -> Iterator[ast.AsyncFunctionDef]:
    for node in service.body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def test_the_services_are_found() -> None:
    assert {"Accounts", "Linking", "Pledging", "Aid", "Rolls"} <= set(service_classes())


def test_every_service_method_first_asks_for_the_right() -> None:
    unasked = []
    for name, service in service_classes().items():
        for method in public_methods(service):
            what = f"{name}.{method.name}"
            if name not in WORKERS and what not in OPEN_TO_EVERYBODY and not asks_first(method):
                unasked.append(what)
    assert not unasked, f"the first statement of {unasked} must be require(actor, Permission...)"


def test_every_service_method_is_told_first_who_speaks() -> None:
    for name, service in service_classes().items():
        if name not in WORKERS:
            for method in public_methods(service):
                assert [one.arg for one in method.args.args[:2]] == ["self", "actor"], f"{name}.{method.name}"


def asks_first(method: ast.AsyncFunctionDef) -> bool:
    statements = [node for node in method.body if not is_docstring(node)]
    first = statements[0].value if statements and isinstance(statements[0], ast.Expr) else None
    return isinstance(first, ast.Call) and isinstance(first.func, ast.Name) and first.func.id in ASKING


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# Words


def queued_kinds() -> set[str]:
    """The kinds that services queue: the fourth fact of tell_account, the fifth of tell's."""
    position = {"tell_account": 4, "tell": 5}
    kinds = set()
    for module, tree in own_modules():
        if place(module) != "carefund_bot.services":
            continue
        for node in ast.walk(tree):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and name in position and len(node.args) > position[name]:
                kind = node.args[position[name]]
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    kinds.add(kind.value)
    return kinds


def test_every_queued_kind_has_its_words() -> None:
    assert "moved_away" in queued_kinds()
    assert queued_kinds() - set(WORDINGS) == set()


def test_chinese_is_punctuated_as_chinese() -> None:
    """Full width beside characters and facts; codes, hours and commands keep their own marks."""
    catalogue = (ROOT / "carefund_bot/locale/en/LC_MESSAGES/carefund.po").read_text(encoding="utf-8")
    said = re.findall(r'^(?:msgid(?:_plural)? )?"(.*)"$', catalogue, re.MULTILINE)
    chinese = [line for line in said if re.search(r"[\u4e00-\u9fff]", line)]
    assert chinese
    half_width = r"[\u4e00-\u9fff}][,;!?:]|[,;!?:][\u4e00-\u9fff{]"
    assert [line for line in chinese if re.search(half_width, line)] == []


def test_the_words_are_complete_in_both_languages() -> None:
    checked = subprocess.run(
        [sys.executable, "tools/words.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def sentences() -> Iterator[str]:
    """Every sentence of the catalogue's source, as it stands in carefund_bot/texts."""
    for module, tree in own_modules():
        if place(module) == "carefund_bot.texts":
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    for argument in node.args:
                        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                            yield argument.value


def test_no_sentence_fills_a_message_by_itself() -> None:
    """With its facts put in it must still fit; half of what Telegram takes leaves room."""
    for sentence in sentences():
        for language in LANGUAGES:
            said = words_in(language)._translations.gettext(sentence) if sentence else ""
            assert len(said.encode("utf-16-le")) // 2 <= MessageLimit.MAX_TEXT_LENGTH // 2, sentence


# What is published with the code


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_no_path_of_anybodys_machine_is_written_down() -> None:
    a_home = re.compile(rb"/(?:home|Users|root|work|workspace)/[A-Za-z0-9._-]+/")
    found = [str(file.relative_to(ROOT)) for file in tracked_files() if a_home.search(file.read_bytes())]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_index_and_has_a_hash_for_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", text)
    pins = re.findall(r"^[a-z0-9][^\s\\]*==.*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(pins) > 10
    assert all("--hash=sha256:" in pin for pin in pins)


async def test_the_fund_hands_out_services_only(fund: Fund) -> None:
    for name, part in vars(fund).items():
        assert name in {"ground", "settings"} or type(part).__module__.startswith("carefund_bot.services."), name


def test_every_step_where_something_waits_has_its_answer() -> None:
    """A step that hears nothing and cannot be shown again would be lost, with its buttons, at the first stray word."""
    by_name = {feature.name: feature for feature in FEATURES}
    forgotten = {
        (act, step)
        for act, step in steps_kept()
        if act != BESIDE_FREE_WORDS and step not in {*by_name[act].steps, *by_name[act].asks}
    }
    assert not forgotten, (
        f"give {sorted(forgotten)} a function in `steps`, or one in `asks` where a button is waited for"
    )


def test_no_step_is_named_that_nothing_waits_at() -> None:
    kept = steps_kept()
    for feature in FEATURES:
        named = {*feature.steps, *feature.asks, *feature.takes_all, *feature.words_only}
        assert {(feature.name, step) for step in named} <= kept


BESIDE_FREE_WORDS = "words"
"""The act whose buttons stand beside what somebody may go on saying: handlers/everyone/answer_words.py."""


def steps_kept() -> set[tuple[str, str]]:
    """Every act and step that a handler waits at."""
    return {
        (module.NAME, step)
        for name, tree in sources().items()
        if name.startswith("handlers.") and name != "handlers.context"
        for module in [importlib.import_module(name)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "keep"
        for step in step_names(module, node.args[1])
    }


def step_names(module: ModuleType, written: ast.expr) -> list[str]:
    """What a step may be called that is written as a word, a constant, or one of two."""
    if isinstance(written, ast.IfExp):
        return [*step_names(module, written.body), *step_names(module, written.orelse)]
    found = written.value if isinstance(written, ast.Constant) else getattr(module, ast.unparse(written))
    assert isinstance(found, str)
    return [found]

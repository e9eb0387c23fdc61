"""Settings come from a file and the environment; a fault is one sentence that names the setting; secrets stay secret."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from carefund_bot.errors import StartRefused
from carefund_bot.settings import FundSettings, Settings, load_settings

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refusal(config: Path, text: str = "") -> str:
    """The sentence for a configuration that will not do."""
    config.write_text(text, encoding="utf-8")
    with pytest.raises(StartRefused) as refused:
        load_settings(config)
    return str(refused.value)


def every_setting(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Dotted names of all settings; a fund's stand under funds.city."""
    for name, field in model.model_fields.items():
        if name == "funds":
            yield from every_setting(FundSettings, "funds.city.")
            continue
        groups = [kind for kind in (field.annotation, *get_args(field.annotation)) if _is_group(kind)]
        if groups:
            yield from every_setting(groups[0], f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def leaves(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def example_in_full() -> str:
    """The example with the settings that have no default put in force."""
    return re.sub(r"^#(?=[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_example_loads_and_says_the_defaults() -> None:
    settings = load_settings(EXAMPLE)
    assert settings.model_copy(update={"funds": {}}) == Settings()
    assert settings.fund("city") == FundSettings()


def test_every_setting_stands_in_the_example_and_nothing_else() -> None:
    assert sorted(leaves(tomllib.loads(example_in_full()))) == sorted(every_setting(Settings))


def test_every_setting_of_the_example_has_a_sentence_before_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    without = [
        line
        for before, line in pairwise(lines)
        if re.match(r"#?[a-z_]+ = ", line) and not before.startswith("#") and not re.match("name_|#?appeal_", before)
    ]
    assert without == []


def test_the_example_loads_with_everything_set(config: Path) -> None:
    config.write_text(example_in_full(), encoding="utf-8")
    city = load_settings(config).fund("city")
    assert (city.appeal_from, city.bank_account is not None) == (date(2012, 5, 1), True)


def test_without_any_file_the_defaults_hold() -> None:
    assert load_settings(None) == Settings()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[telegram]\ntokn = 'x'", "telegram.tokn"),
        ("nmae_zh = 'x'", "nmae_zh"),
        ("[telegrm]\ntoken = 'x'", "telegrm"),
        ("[funds.city]\nphone = '1'", "funds.city.phone"),
        ("[funds.nanjing]\noffice_phone = '1'", "funds.nanjing"),
    ],
)
def test_a_misspelt_name_is_named(config: Path, text: str, name: str) -> None:
    assert name in refusal(config, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[linking]\ncode_days = 0", "linking.code_days"),
        ("[funds.city]\nappeal_from = '2012-13-01'", "funds.city.appeal_from"),
        ("[funds.city]\nappeal_from = 2012-05-02\nappeal_until = 2012-05-01", "appeal_until lies before appeal_from"),
        ("[funds.city]\npreset_sums = ['50', '很多']", "funds.city.preset_sums"),
        ("[funds.city]\npreset_sums = ['0.001']", "funds.city.preset_sums"),
        ("[funds.city]\nbank_account = { holder = 'x', bank = 'y' }", "funds.city.bank_account.number"),
        ("[web]\nwebhook_url = 'https://bot.example'", "webhook_secret_file"),
        ("[store]\nenvironment = 'Two Words'", "store.environment"),
        ("[telegram]\nproxy = 'socks5://localhost'", "telegram.proxy"),
    ],
)
def test_a_wrong_value_is_named(config: Path, text: str, name: str) -> None:
    assert name in refusal(config, text)


def test_a_missing_file_and_a_broken_one_are_said(config: Path) -> None:
    with pytest.raises(StartRefused, match=r"There is no configuration file .*config\.toml"):
        load_settings(config)
    assert "is not TOML" in refusal(config, "[telegram\n")


def test_a_byte_that_is_no_text_is_said(config: Path) -> None:
    config.write_bytes("name_zh = '基金'".encode("gb18030"))
    with pytest.raises(StartRefused, match="is not TOML"):
        load_settings(config)


def test_the_environment_wins_over_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[linking]\ncode_days = 30\ntries_overall = 7\n", encoding="utf-8")
    monkeypatch.setenv("CAREFUND_LINKING__CODE_DAYS", "14")
    settings = load_settings(config)
    assert (settings.linking.code_days, settings.linking.tries_overall) == (14, 7)


def test_the_environment_reaches_into_one_fund(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[funds.city]\noffice_address = '示例路1号'\noffice_phone = '1'\n", encoding="utf-8")
    monkeypatch.setenv("CAREFUND_FUNDS__CITY__OFFICE_PHONE", "0512-0000-9999")
    monkeypatch.setenv("CAREFUND_FUNDS__TAICANG__OFFICE_PHONE", "0512-0000-8888")
    settings = load_settings(config)
    assert settings.fund("city").office_phone == "0512-0000-9999"
    assert settings.fund("city").office_address == "示例路1号"
    assert settings.fund("taicang").office_phone == "0512-0000-8888"


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("CAREFUND_TELEGRM__TOKEN", "CAREFUND_TELEGRM__TOKEN"),
        ("CAREFUND_TELEGRAM__TOKN", "telegram.tokn"),
        ("CAREFUND_FUNDS__CITY__PHONE", "funds.city.phone"),
        ("CAREFUND_FUNDS__NANJING__OFFICE_PHONE", "funds.nanjing"),
        ("CAREFUND_LINKING__CODE_DAYS", "linking.code_days"),
    ],
)
def test_a_misspelt_or_wrong_variable_is_named(variable: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, TOKEN)
    with pytest.raises(StartRefused) as refused:
        load_settings(None)
    assert name in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_a_group_that_is_no_group_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREFUND_TELEGRAM", TOKEN)
    with pytest.raises(StartRefused, match="telegram") as refused:
        load_settings(None)
    assert TOKEN not in str(refused.value)


def test_the_token_comes_from_a_file(config: Path, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")
    config.write_text(f"[telegram]\ntoken_file = '{secret}'\n")
    assert load_settings(config).telegram.read_token() == TOKEN


def test_a_token_that_is_nowhere_is_said(config: Path, tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="No bot token"):
        Settings().telegram.read_token()
    config.write_text(f"[telegram]\ntoken_file = '{tmp_path / 'none'}'\n")
    with pytest.raises(StartRefused, match="secret file"):
        load_settings(config).telegram.read_token()


def test_secrets_stand_in_no_text_of_the_settings(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREFUND_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("CAREFUND_TELEGRAM__PROXY", f"http://name:{TOKEN}@proxy.example")
    settings = load_settings(None)
    assert settings.telegram.read_token() == TOKEN
    for text in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.telegram)):
        assert TOKEN not in text


@pytest.mark.parametrize("line", ["token = [1, '{token}']", "token = '{token}'\nwrong = 1", "proxy = 'ftp://{token}'"])
def test_secrets_stand_in_no_refusal(config: Path, line: str) -> None:
    assert TOKEN not in refusal(config, "[telegram]\n" + line.replace("{token}", TOKEN))


def test_nothing_about_giving_is_lawful_until_everything_is_set() -> None:
    whole = FundSettings.model_validate(
        {
            "certificate_number": "示例证",
            "filing_number": "示例备",
            "appeal_from": "2012-05-01",
            "appeal_until": "2012-05-31",
            "bank_account": {"holder": "示例", "bank": "示例", "number": "0000"},
        }
    )
    assert whole.may_appeal(date(2012, 5, 31))
    assert not whole.may_appeal(date(2012, 4, 30))
    assert not whole.may_appeal(date(2012, 6, 1))
    for name in ("certificate_number", "filing_number", "appeal_from", "appeal_until", "bank_account"):
        without = FundSettings.model_validate(whole.model_dump(exclude={name}))
        assert not without.may_appeal(date(2012, 5, 31)), name

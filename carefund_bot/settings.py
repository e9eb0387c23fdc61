"""Settings: a TOML file, then environment variables `CAREFUND_GROUP__NAME`; read here and nowhere else."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from carefund_bot.domain.money import Money, NotMoney, parse_money
from carefund_bot.domain.office_hours import OfficeHours
from carefund_bot.errors import StartRefused

ENVIRONMENT_PREFIX = "CAREFUND_"
FundCode = Literal["city", "zhangjiagang", "changshu", "taicang", "kunshan", "wujiang"]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(_Group):
    """How to reach Telegram."""

    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    api_base_url: str = "https://api.telegram.org"
    proxy: SecretStr | None = None
    messages_per_second: Annotated[int, Field(ge=1, le=1_000)] = 30
    replies_per_second: Annotated[int, Field(ge=1, le=10_000)] = 300
    drain_timeout_s: Annotated[float, Field(gt=0, le=300)] = 20

    @field_validator("api_base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _is_http(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https:// (a SOCKS proxy needs an HTTP one in front)")
        return value

    @property
    def proxy_address(self) -> str | None:
        """The proxy on the way to Telegram, with its name and password."""
        return self.proxy.get_secret_value() if self.proxy else None

    def read_token(self) -> str:
        """The bot token, from the setting or from its file; never printed."""
        token = self.token.get_secret_value()
        if not token and self.token_file is not None:
            token = _read_secret(self.token_file)
        if not token:
            raise StartRefused("No bot token: set telegram.token_file, or CAREFUND_TELEGRAM__TOKEN in the environment.")
        return token


class WebSettings(_Group):
    """The bot's own small web server: health, and the webhook if there is one."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    webhook_url: str = ""
    webhook_secret_file: Path | None = None

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> WebSettings:
        if self.webhook_url and not (self.port and self.webhook_secret_file):
            raise ValueError("a webhook_url needs a port and a webhook_secret_file as well")
        return self

    def read_webhook_secret(self) -> str:
        """What Telegram must say with every update; 1 to 256 of A-Z a-z 0-9 _ -."""
        secret = _read_secret(self.webhook_secret_file) if self.webhook_secret_file else ""
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            raise StartRefused("The webhook secret must be 16 to 256 characters of A-Z a-z 0-9 _ -.")
        return secret


class StoreSettings(_Group):
    """Where the books are."""

    database: Path = Path("carefund.db")
    key_file: Path = Path("carefund.key")
    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")] = "test"

    @property
    def beat_file(self) -> Path:
        """Beside the key and not beside the database, so that a backup of the one does not hold the other."""
        return self.key_file.with_name(f"{self.key_file.name}.beat")


class LinkingSettings(_Group):
    """One-time codes."""

    code_days: Annotated[int, Field(ge=1, le=365)] = 60
    tries_per_account: Annotated[int, Field(ge=1)] = 5
    tries_overall: Annotated[int, Field(ge=1)] = 300
    window_minutes: Annotated[int, Field(ge=1)] = 60


class DeskSettings(_Group):
    """When the office is open: screens name these hours, and what is promised to people is counted in them."""

    hours: tuple[str, ...] = ("09:00-11:30", "13:30-17:00")
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    holidays: tuple[date, ...] = ()
    make_up_days: tuple[date, ...] = ()
    remind_before_minutes: Annotated[int, Field(ge=0, le=1_440)] = 60
    cooling_hours: Annotated[int, Field(ge=0, le=720)] = 24

    @field_validator("hours")
    @classmethod
    def _are_spans(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        spans = [_read_span(text) for text in hours]
        if not spans or any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise ValueError("must be spans of a day, the earlier first, such as 09:00-11:30")
        return hours

    @field_validator("weekdays")
    @classmethod
    def _is_a_week(cls, weekdays: tuple[int, ...]) -> tuple[int, ...]:
        if not weekdays:
            raise ValueError("the desk must be open on some day of the week, 1 for Monday")
        return weekdays

    def office_hours(self) -> OfficeHours:
        return OfficeHours(
            tuple(_read_span(text) for text in self.hours),
            frozenset(self.weekdays),
            frozenset(self.holidays),
            frozenset(self.make_up_days),
        )


class NoticeSettings(_Group):
    """Writing to many."""

    alone_at_most: Annotated[int, Field(ge=0)] = 1_000


class BankAccountSettings(_Group):
    """The fund's dedicated account for gifts."""

    holder: str
    bank: str
    number: str


class FundSettings(_Group):
    """One of the six funds. Nothing about giving is shown until certificate, filing and dates are all set (R19)."""

    office_phone: str = "0512-0000-0000"
    office_address: str = ""
    certificate_number: str = ""
    filing_number: str = ""
    appeal_from: date | None = None
    appeal_until: date | None = None
    bank_account: BankAccountSettings | None = None
    preset_sums: tuple[str, ...] = ("20", "50", "100", "200")

    @field_validator("preset_sums")
    @classmethod
    def _are_money(cls, sums: tuple[str, ...]) -> tuple[str, ...]:
        for text in sums:
            try:
                parse_money(text)
            except NotMoney as error:
                raise ValueError(f"'{text}' is not a sum of money ({error.reason})") from None
        return sums

    @model_validator(mode="after")
    def _dates_in_order(self) -> FundSettings:
        if self.appeal_from and self.appeal_until and self.appeal_from > self.appeal_until:
            raise ValueError("appeal_until lies before appeal_from")
        return self

    @property
    def presets(self) -> tuple[Money, ...]:
        return tuple(parse_money(text) for text in self.preset_sums)

    def may_appeal(self, today: date) -> bool:
        """Whether the law lets the bot show an account today (R19)."""
        return bool(
            self.certificate_number
            and self.filing_number
            and self.bank_account
            and self.appeal_from
            and self.appeal_until
            and self.appeal_from <= today <= self.appeal_until
        )


_USUAL_FUND = FundSettings()


class Settings(BaseSettings):
    """Everything that differs between two installations."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    name_zh: str = "党员关爱基金"
    name_en: str = "Party Members' Care Fund"
    telegram: TelegramSettings = TelegramSettings()
    store: StoreSettings = StoreSettings()
    linking: LinkingSettings = LinkingSettings()
    web: WebSettings = WebSettings()
    desk: DeskSettings = DeskSettings()
    notices: NoticeSettings = NoticeSettings()
    funds: dict[FundCode, FundSettings] = Field(default_factory=dict)

    def fund(self, code: str) -> FundSettings:
        """A fund's own settings; the defaults where the file says nothing of it."""
        return self.funds.get(code, _USUAL_FUND)  # type: ignore[call-overload, no-any-return]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


def _read_span(text: str) -> tuple[time, time]:
    found = re.fullmatch(r"([0-2]\d:[0-5]\d)-([0-2]\d:[0-5]\d)", text)
    if not found or found[2] <= found[1] or found[2] > "23:59":
        raise ValueError(f"'{text}' is not a span of a day such as 09:00-11:30")
    return time.fromisoformat(found[1]), time.fromisoformat(found[2])


def load_settings(path: Path | None) -> Settings:
    """Read a configuration file and the environment; every fault is one sentence that names the setting."""
    _refuse_unknown_environment()
    try:
        return Settings(**_read_toml(path))
    except ValidationError as error:
        faults = "; ".join(_say_fault(fault) for fault in error.errors(include_input=False, include_url=False))
        raise StartRefused(f"The settings are not right: {faults}.") from None
    except SettingsError as error:  # a variable that names a whole group and does not hold JSON; quotes no value
        raise StartRefused(f"The settings are not right, in the environment: {error}.") from None


def _read_toml(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise StartRefused(f"There is no configuration file {path}: copy config.example.toml to it.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartRefused(f"The configuration file {path} is not TOML: {error}.") from None


def _say_fault(fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"there is no setting '{name}'"
    return f"'{name}': {fault['msg']}"


def _refuse_unknown_environment() -> None:
    groups = {name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        if variable.startswith(ENVIRONMENT_PREFIX):
            group = variable.removeprefix(ENVIRONMENT_PREFIX).split("__")[0]
            if group.upper() not in groups:
                raise StartRefused(f"The settings are not right: there is no setting for the variable '{variable}'.")


def _read_secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StartRefused(f"The secret file {path} cannot be read: {type(error).__name__}.") from None


__all__ = [
    "BankAccountSettings",
    "DeskSettings",
    "FundSettings",
    "LinkingSettings",
    "NoticeSettings",
    "Settings",
    "StoreSettings",
    "TelegramSettings",
    "WebSettings",
    "load_settings",
]

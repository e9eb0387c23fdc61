"""What the Bot API is, by another library's word: aiogram's models of every method, answer and update."""

from collections.abc import Iterable
from typing import Any

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter

from sandbox.errors import Json

Model = type[TelegramMethod[Any]]


def method_model(name: str) -> Model:
    """aiogram's class for "sendMessage"."""
    model: Model = getattr(aiogram.methods, name[0].upper() + name[1:])
    return model


def check_update(update: Json) -> Update:
    """The update, decoded; a field that Telegram does not have fails."""
    decoded = Update.model_validate(update)
    _refuse_extras(decoded)
    return decoded


def check_call(name: str, parameters: Json) -> None:
    """The parameters are those of the method."""
    decoded = method_model(name).model_validate(parameters)
    assert not decoded.model_extra, (name, decoded.model_extra)


def check_answer(name: str, result: object) -> None:
    """The result is of the type that the method returns."""
    returning = method_model(name).__returning__
    _refuse_extras(TypeAdapter[Any](returning).validate_python(result))


def _refuse_extras(value: object) -> None:
    if isinstance(value, BaseModel):
        assert not value.model_extra, (type(value).__name__, value.model_extra)
        for name in type(value).model_fields:
            _refuse_extras(getattr(value, name))
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in value:
            _refuse_extras(item)

"""What the bot writes without the library's help is what the library would write."""

from __future__ import annotations

import pytest
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import KeyboardButtonStyle

from carefund_bot.transport.bot import _written

KEYBOARDS = [
    InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("去年", callback_data="giving:year:2025-0")],
            [
                InlineKeyboardButton("好", callback_data="a:b", style=KeyboardButtonStyle.SUCCESS),
                InlineKeyboardButton("打开", url="https://t.me/x"),
            ],
            [
                InlineKeyboardButton("复制", copy_text=CopyTextButton("一")),
                InlineKeyboardButton("?", callback_data="c"),
            ],
        ]
    ),
    InlineKeyboardMarkup([[InlineKeyboardButton("复制", copy_text=CopyTextButton("二"))]]),
    ReplyKeyboardMarkup([["我的捐款", "发放进度"]], resize_keyboard=True),
    ReplyKeyboardRemove(),
]


@pytest.mark.parametrize("keyboard", KEYBOARDS)
def test_a_keyboard_is_written_as_the_library_writes_it(
    keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove,
) -> None:
    assert _written(keyboard) == keyboard.to_dict()

"""Which notices an account wants to read."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from carefund_bot.domain.notices import Topic
from carefund_bot.texts.notices import topic_name
from carefund_bot.texts.words import Words, joined


def label(words: Words) -> Markup:
    return words("要哪些通知")


def topics(words: Words, off: Collection[Topic]) -> Markup:
    return joined(
        words("<b>要哪些通知</b>"),
        *(
            words("✗ {topic}：不要", topic=topic_name(words, topic))
            if topic in off
            else words("✓ {topic}：要", topic=topic_name(words, topic))
            for topic in Topic
        ),
        "",
        words("您自己的发放进度和捐款入账，总会告诉您。"),
    )


def turn_label(words: Words, topic: Topic, *, is_off: bool) -> Markup:
    name = topic_name(words, topic)
    return words("又要{topic}", topic=name) if is_off else words("不要{topic}", topic=name)

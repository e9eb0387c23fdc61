"""Text as Telegram reads it: HTML in, plain text and entities out, every offset counted in UTF-16 units."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain

from sandbox.errors import ApiError, Json, bad_request

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}

_TAG_NAME = re.compile(r"</?([^\s>]*)")
_ATTRIBUTE = r"""\s+([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?"""
_ATTRIBUTES = re.compile(rf"(?:{_ATTRIBUTE})*\s*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")
_TOKEN = re.compile(rf"{_ENTITY.pattern}|<|[^<&]+|&")

_FOUND_IN_PLAIN_TEXT = {
    "url": re.compile(r"\bhttps?://[^\s<>,。,]+|\bt\.me/[\w/?=-]+"),
    "email": re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII),
    "mention": re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}\b"),
    "hashtag": re.compile(r"(?<![\w#])#[^\W\d]\w*"),
}


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity of that offset and length covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def _cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int


class _HtmlReader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.position = 0
        self.text = ""
        self.length = 0
        self.open_tags: list[_OpenTag] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while token := _TOKEN.match(self.html, self.position):
            if token[0] == "<":
                self._read_tag()
            else:
                self.position = token.end()
                self._append(unescape(token[0]) if _ENTITY.fullmatch(token[0]) else token[0])
        if self.open_tags:
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return self.text, self.entities

    def _append(self, text: str) -> None:
        self.text += text
        self.length += utf16_length(text)

    def _here(self) -> str:
        return f"at byte offset {len(self.html[: self.position].encode())}"

    def _read_tag(self) -> None:
        name = _TAG_NAME.match(self.html, self.position)
        if name is None:  # the caller stands on "<", which this pattern always takes
            raise AssertionError
        if name[0].startswith("</"):
            self._close(name)
        else:
            self._open(name)

    def _open(self, name: re.Match[str]) -> None:
        if name.end() == len(self.html):
            raise _cannot_parse(f"Unclosed start tag {self._here()}")
        tag = name[1].lower()
        if tag not in KINDS:
            raise _cannot_parse(f'Unsupported start tag "{tag}" {self._here()}')
        rest = _ATTRIBUTES.match(self.html, name.end())
        if rest is None:
            raise _cannot_parse(f'Unclosed start tag "{tag}" {self._here()}')
        attributes = {key: unescape(a or b or c) for key, a, b, c in re.findall(_ATTRIBUTE, rest[0])}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" {self._here()}')
        self.open_tags.append(_OpenTag(tag, attributes, self.length))
        self.position = rest.end()

    def _close(self, name: re.Match[str]) -> None:
        if not self.open_tags:
            raise _cannot_parse(f"Unexpected end tag {self._here()}")
        end = re.compile(r"\s*>").match(self.html, name.end())
        if end is None:
            raise _cannot_parse(f"Unclosed end tag {self._here()}")
        tag = self.open_tags.pop()
        if name[1] not in ("", tag.name):
            raise _cannot_parse(f'Unmatched end tag {self._here()}, expected "</{tag.name}>", found "</{name[1]}>"')
        if self.length > tag.offset:
            self._add(tag)
        self.position = end.end()

    def _add(self, tag: _OpenTag) -> None:
        span = {"offset": tag.offset, "length": self.length - tag.offset}
        if tag.name == "a":
            self._add_link(tag, span)
        elif tag.name == "pre" and self.entities and self.entities[-1].get("language"):
            self.entities[-1] = {"type": "pre", **span, "language": self.entities[-1]["language"]}
        elif tag.name == "code" and (language := tag.attributes.get("class", "").removeprefix("language-")):
            self.entities.append({"type": "code", **span, "language": language})
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            self.entities.append({"type": "expandable_blockquote", **span})
        elif tag.name == "tg-emoji":
            self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": tag.attributes["emoji-id"]})
        else:
            self.entities.append({"type": KINDS[tag.name], **span})

    def _add_link(self, tag: _OpenTag, span: Json) -> None:
        href = tag.attributes.get("href") or utf16_slice(self.text, span["offset"], span["length"])
        if re.fullmatch(r"(?:https?|tg|ton)://\S+|[\w-]+(?:\.[\w-]+)+\S*", href):
            self.entities.append({"type": "text_link", **span, "url": href})


def parse_html(html: str) -> tuple[str, list[Json]]:
    """Plain text and entities of `html`; ApiError 400 "can't parse entities: ..." as Telegram words it."""
    return _HtmlReader(html).read()


def detect(text: str) -> list[Json]:
    """What the apps make tappable by themselves: commands, links, addresses, mentions, hashtags."""
    found: list[Json] = []
    for kind, pattern in _FOUND_IN_PLAIN_TEXT.items():
        for match in pattern.finditer(text):
            entity = {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(match[0])}
            if not any(_overlap(entity, other) for other in found):
                found.append(entity)
    return found


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"],
    )


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at both ends; entities follow, and those that covered nothing else go."""
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        length = min(entity["offset"] + entity["length"] - cut, end) - start
        if length > 0:
            kept.append(entity | {"offset": start, "length": length})
    return text, kept


def _valid(entities: list[Json]) -> Iterator[Json]:
    """Nothing is styled inside code; a language belongs to <pre><code class=...> only."""
    code = [entity for entity in entities if entity["type"] in ("code", "pre")]
    for entity in entities:
        if entity["type"] == "code":
            yield {key: value for key, value in entity.items() if key != "language"}
        elif not any(_overlap(entity, other) for other in code if other is not entity):
            yield entity


def formatted(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """The text a reader sees and its entities, sorted as Telegram sorts them."""
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(text)
    text, given = _trimmed(text, list(entities or []))
    given = list(_valid(given))
    taken = [entity for entity in given if entity["type"] in ("code", "pre", "text_link")]
    seen = (entity for entity in detect(text) if not any(_overlap(entity, other) for other in taken))
    return text, sorted(chain(given, seen), key=lambda entity: (entity["offset"], -entity["length"]))

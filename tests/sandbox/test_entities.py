"""HTML as Telegram reads it, with its very words for what it cannot read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from sandbox.entities import formatted, parse_html, utf16_length, utf16_slice
from sandbox.errors import ApiError, Json


def entity(kind: str, offset: int, length: int, **more: str) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("无标记", "无标记", []),
        ("<b>粗</b>体", "粗体", [entity("bold", 0, 1)]),
        ("<STRONG>a</strong>", "a", [entity("bold", 0, 1)]),
        ("😀<i>a</i>", "😀a", [entity("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        (
            "<u>u</u><s>s</s><del>d</del>",
            "usd",
            [entity(k, i, 1) for i, k in enumerate(["underline"] + ["strikethrough"] * 2)],
        ),
        ('<a href="https://a.cn/?x=1&amp;y=2">l</a>', "l", [entity("text_link", 0, 1, url="https://a.cn/?x=1&y=2")]),
        ("<a href='no link'>l</a>", "l", []),
        (
            '<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>',
            "xy",
            [entity("spoiler", 0, 1), entity("spoiler", 1, 1)],
        ),
        ('<pre><code class="language-sql">s</code></pre>', "s", [entity("pre", 0, 1, language="sql")]),
        ("<pre>p</pre>", "p", [entity("pre", 0, 1)]),
        ("<code><b>x</b></code>", "x", [entity("code", 0, 1)]),
        ("<blockquote>q</blockquote>", "q", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        ("1 &lt; 2 &amp;&amp; &#51; &gt; &#x32; &quot;&nbsp;&", '1 < 2 && 3 > 2 "&nbsp;&', []),
        ("  <b> a </b>  ", "a", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        (
            "看 /help 和 https://a.cn/b",
            "看 /help 和 https://a.cn/b",
            [entity("bot_command", 2, 5), entity("url", 10, 14)],
        ),
        ("<code>/help</code>", "/help", [entity("code", 0, 5)]),
        (
            "1/2 a@b.cn @someone #党费",
            "1/2 a@b.cn @someone #党费",
            [entity("email", 4, 6), entity("mention", 11, 8), entity("hashtag", 20, 3)],
        ),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[Json]) -> None:
    assert formatted(html, "HTML", None) == (text, entities)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>好</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("好<div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(html: str, words: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(html)
    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


def test_only_html_is_spoken() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        formatted("*a*", "Markdown", None)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text(min_size=1, alphabet="ab<&>\"'好😀"))
def test_escaped_text_comes_through_unchanged(before: str, inside: str) -> None:
    html = f"{escape(before)}<b>{escape(inside)}</b>".replace("&#39;", "'").replace("&#34;", "&quot;")
    text, entities = parse_html(html)
    assert text == before + inside
    assert utf16_slice(text, utf16_length(before), utf16_length(inside)) == inside
    assert entities == [entity("bold", utf16_length(before), utf16_length(inside))]

"""Draws Block Kit payloads as HTML: for the pictures in the guide, and to look at in tests.

It draws the payloads that the bot sends, not drafts of them, in a style like
Slack's. What it does not know raises KeyError: nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

Value = Mapping[str, Any]

STYLE = """
body{font:15px/1.46668 Lato,"Noto Sans","DejaVu Sans",sans-serif;color:#1d1c1d;background:#fff;margin:0}
main{width:640px;padding:16px 20px}
.message{display:flex;gap:8px;margin:0 0 14px}
.face{flex:0 0 36px;height:36px;border-radius:8px;color:#fff;background:#1d3557;text-align:center;font:bold 17px/36px sans-serif}
.person .face{background:#2a7f62}
.body{flex:1;min-width:0}
.who b{font-weight:900}.who small{color:#616061;font-size:12px;margin-left:6px}
.app{background:#ddd;border-radius:2px;color:#616061;font-size:10px;font-weight:700;padding:1px 3px;margin-left:5px}
.block{margin:4px 0 8px;overflow-wrap:anywhere}
blockquote{border-left:4px solid #ddd;margin:4px 0;padding:0 0 0 10px}
code{background:#f6f6f6;border:1px solid #ddd;border-radius:3px;color:#c01343;font:12px monospace;padding:1px 3px}
a{color:#1264a3;text-decoration:none}
.line{white-space:pre-wrap;min-height:3px}
.context{color:#616061;font-size:13px;line-height:1.4}.context div{margin-bottom:2px}
h3{font-size:18px;margin:10px 0 2px}ul{margin:2px 0;padding-left:22px}hr{border:0;border-top:1px solid #ddd;margin:8px 0}
.button,.field{display:inline-block;border:1px solid #bbb;border-radius:8px;font-size:13px;font-weight:700;padding:4px 11px;margin:0 8px 4px 0;background:#fff}
.primary{background:#007a5a;border-color:#007a5a;color:#fff}
.thumb svg{width:18px;height:18px;margin-right:14px;fill:none;stroke:#616061;stroke-width:1.6}.down svg{transform:rotate(180deg)}
.window{border:1px solid #ccc;border-radius:10px;box-shadow:0 6px 24px #0002}
.title{font-size:20px;font-weight:900;padding:14px 20px;border-bottom:1px solid #eee}
.inside{padding:8px 20px}.foot{text-align:right;padding:10px 20px;border-top:1px solid #eee}
.field{display:block;font-weight:400;margin:4px 0 10px;min-height:18px}.label{font-weight:700}
.choice{margin:3px 0}.choice:before{content:"○ ";color:#616061}
"""
# Drawn, because not every machine that makes the pictures has a font with emoji.
_THUMB = '<svg viewBox="0 0 20 20"><path d="M2 9h4v9H2zM6 10l4-8 2 1-1 5h7l-2 10H6"/></svg>'
# All that the bot's own mrkdwn holds besides entities, which HTML has too.
_DATE = re.compile(r"<!date\^[^|<>]*\|([^<>]*)>")


def page(title: str, *parts: str) -> str:
    """Return a whole HTML document of drawn messages and views."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><main>{''.join(parts)}</main></html>"
    )


def message(
    author: str,
    blocks: Sequence[Value] = (),
    *,
    text: str = "",
    markdown: str = "",
    app: bool = True,
) -> str:
    """Return a message: plain ``text`` of a person, or streamed ``markdown`` with blocks below it."""
    kind = "message" if app else "message person"
    badge = '<span class="app">APP</span>' if app else ""
    said = f'<div class="block line">{escape(text)}</div>' if text else ""
    said += _markdown({"text": markdown}) if markdown else ""
    return (
        f'<div class="{kind}"><div class="face">{escape(author[:1].upper())}</div>'
        f'<div class="body"><div class="who"><b>{escape(author)}</b>{badge}<small>09:15</small></div>'
        f"{said}{draw(blocks)}</div></div>"
    )


def view(payload: Value) -> str:
    """Return a modal as a window, or a Home tab."""
    inside = f'<div class="inside">{draw(payload["blocks"])}</div>'
    if payload["type"] == "home":
        return inside
    shown = [(payload.get("close"), "button"), (payload.get("submit"), "button primary")]
    foot = "".join(f'<span class="{kind}">{_text(label)}</span>' for label, kind in shown if label)
    title = f'<div class="title">{_text(payload["title"])}</div>'
    return f'<div class="window">{title}{inside}<div class="foot">{foot}</div></div>'


def draw(blocks: Sequence[Value]) -> str:
    """Return blocks as HTML, each in an element of its own."""
    return "".join(f'<div class="block">{_BLOCKS[b["type"]](b)}</div>' for b in blocks)


def _text(value: Value) -> str:
    """Return a text object; mrkdwn as far as the bot itself writes it."""
    if value["type"] == "plain_text":
        return escape(value["text"])
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", _DATE.sub(r"\1", value["text"]))


def _inline(elements: Sequence[Value]) -> str:
    return "".join(_element(e) for e in elements)


def _element(element: Value) -> str:
    shown = escape(element["text"])
    if element["type"] == "link":
        shown = f'<a href="{escape(element["url"])}">{shown}</a>'
    elif element["type"] != "text":
        raise KeyError(element["type"])
    for style, tag in (("bold", "b"), ("italic", "i"), ("code", "code")):
        if element.get("style", {}).get(style):
            shown = f"<{tag}>{shown}</{tag}>"
    return shown


def _rich(part: Value) -> str:
    if part["type"] == "rich_text_list":
        items = "".join(f"<li>{_inline(item['elements'])}</li>" for item in part["elements"])
        return f"<ul>{items}</ul>"
    if part["type"] == "rich_text_quote":
        return f"<blockquote>{_inline(part['elements'])}</blockquote>"
    if part["type"] != "rich_text_section":
        raise KeyError(part["type"])
    return f'<div class="line">{_inline(part["elements"])}</div>'


def _markdown(block: Value) -> str:
    from markdown_it import MarkdownIt

    drawn: str = MarkdownIt("commonmark", {"html": False}).render(block["text"])
    return drawn


def _button(element: Value) -> str:
    kind = "button primary" if element.get("style") == "primary" else "button"
    return f'<span class="{kind}">{_text(element["text"])}</span>'


def _thumbs(element: Value) -> str:
    names = (element["positive_button"]["text"], element["negative_button"]["text"])
    return "".join(
        f'<span class="thumb {way}" title="{_text(name)}">{_THUMB}</span>'
        for name, way in zip(names, ("up", "down"), strict=True)
    )


def _pressed(block: Value) -> str:
    drawn = {"button": _button, "feedback_buttons": _thumbs}
    return "".join(drawn[e["type"]](e) for e in block["elements"])


def _input(block: Value) -> str:
    element = block["element"]
    optional = " <small>(optional)</small>" if block.get("optional") else ""
    if element["type"] == "radio_buttons":
        field = "".join(f'<div class="choice">{_text(o["text"])}</div>' for o in element["options"])
    elif element["type"] == "static_select":
        field = f'<div class="field">{_text(element["initial_option"]["text"])} ▾</div>'
    elif element["type"] == "plain_text_input":
        field = '<div class="field">&nbsp;</div>'
    else:
        raise KeyError(element["type"])
    return f'<div class="label">{_text(block["label"])}{optional}</div>{field}'


_BLOCKS: Mapping[str, Callable[[Value], str]] = {
    "actions": _pressed,
    "context": lambda b: (
        f'<div class="context">{"".join(f"<div>{_text(e)}</div>" for e in b["elements"])}</div>'
    ),
    "context_actions": _pressed,
    "divider": lambda b: "<hr>",
    "header": lambda b: f"<h3>{_text(b['text'])}</h3>",
    "input": _input,
    "markdown": _markdown,
    "rich_text": lambda b: "".join(map(_rich, b["elements"])),
}

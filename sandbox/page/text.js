// Text with entities as nodes. Offsets are UTF-16 units, which is how JavaScript counts too.

import { el } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", blockquote: "blockquote" };

const MARKS = /([✅▶▫❗⚠🆘⏰✍⭐👍💬📨📩]\ufe0f?)/u;

// `act` offers say(text), openLink(url) and copy(text).
export function richText(text, entities, act) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, sorted, act);
}

function nodes(text, from, to, entities, act) {
  const made = [];
  let position = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > position) made.push(...marked(plainAfter(made, text.slice(position, entity.offset))));
    const inside = others.filter((other) => other.offset < end);
    rest = others.filter((other) => other.offset >= end);
    made.push(styled(entity, text.slice(entity.offset, end), nodes(text, entity.offset, end, inside, act), act));
    position = end;
  }
  if (position < to) made.push(...marked(plainAfter(made, text.slice(position, to))));
  return made;
}

// Plain text with its signs drawn; the sign itself stays in the text, to be read aloud and copied.
export function marked(text) {
  return text.split(MARKS).filter(Boolean).map((part) =>
    MARKS.test(part) ? el("span", { class: "mark", "data-mark": part.replace("\ufe0f", "") }, part) : part);
}

// A block ends its own line; the line break written after it would show as an empty one.
function plainAfter(made, text) {
  const last = made[made.length - 1];
  return ["PRE", "BLOCKQUOTE"].includes(last?.tagName) ? text.replace(/^\n/, "") : text;
}

function styled(entity, plain, children, act) {
  switch (entity.type) {
    case "code":
      return el("code", { tabindex: "0", role: "button", onclick: () => act.copy(plain) }, ...children);
    case "pre":
      return el("pre", { "data-language": entity.language, onclick: () => act.copy(plain) }, el("code", {}, ...children));
    case "spoiler":
      return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("seen") }, ...children);
    case "expandable_blockquote":
      return expandable(children);
    case "text_link":
      return link(entity.url, children, act);
    case "url":
      return link(plain.includes("://") ? plain : `https://${plain}`, children, act);
    case "email":
      return link(`mailto:${plain}`, children, act);
    case "bot_command":
      return el("button", { type: "button", class: "command", onclick: () => act.say(plain) }, ...children);
    case "mention":
    case "hashtag":
      return el("span", { class: "mention" }, ...children);
    default:
      return el(TAGS[entity.type] || "span", {}, ...children);
  }
}

function expandable(children) {
  const toggle = (event) => event.currentTarget.classList.toggle("open");
  return el("blockquote", { class: "expandable", onclick: toggle }, ...children);
}

function link(url, children, act) {
  const safe = /^(https?|mailto|tg):/i.test(url) ? url : `https://${url}`;
  const open = (event) => {
    if (act.openLink(safe)) event.preventDefault();
  };
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer", title: safe, onclick: open }, ...children);
}

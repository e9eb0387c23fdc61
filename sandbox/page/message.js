// One message as a bubble with its buttons.

import { el, icon } from "./dom.js";
import { locale, word } from "./labels.js";
import { marked, richText } from "./text.js";

// `act`: what richText needs, and press(messageId, data, button).
export function messageElement(raw, act) {
  const fromBot = raw.from.is_bot;
  const bubble = el("div", { class: "bubble" });
  if (raw.forward_origin) bubble.append(el("div", { class: "forwarded" }, word("forwarded")));
  if (raw.reply_to_message) bubble.append(quoted(raw.reply_to_message));
  bubble.append(...content(raw, act), stamps(raw));
  return el(
    "article",
    { class: fromBot ? "message in" : "message out", "data-id": raw.message_id },
    bubble,
    raw.reply_markup ? keyboardElement(raw, act) : null,
  );
}

function content(raw, act) {
  const made = [];
  if (raw.photo) made.push(photo(raw));
  if (raw.document) made.push(documentElement(raw.document));
  if (raw.voice) made.push(el("div", { class: "text" }, `${word("voice")} ${raw.voice.duration}″`));
  if (raw.sticker) made.push(el("div", { class: "text" }, ...marked(raw.sticker.emoji ?? word("sticker"))));
  if (raw.location) made.push(el("div", { class: "text" }, word("location")));
  if (raw.contact) made.push(el("div", { class: "text" }, `${word("contact")}: ${raw.contact.phone_number}`));
  const text = raw.text ?? raw.caption;
  if (text) made.push(el("div", { class: "text" }, ...richText(text, raw.entities ?? raw.caption_entities, act)));
  return raw.show_caption_above_media ? made.reverse() : made;
}

function photo(raw) {
  const largest = raw.photo[raw.photo.length - 1];
  const source = `/phone/files/${largest.file_id}`;
  const image = el("img", { src: source, alt: raw.caption || word("photo"), width: largest.width, height: largest.height });
  return el("a", { class: raw.has_media_spoiler ? "photo veiled" : "photo", href: source, target: "_blank" }, image);
}

function documentElement(file) {
  return el(
    "a",
    { class: "document", href: `/phone/files/${file.file_id}`, download: file.file_name, title: word("download") },
    el("span", { class: "paper" }, icon("file")),
    el("span", {}, el("b", {}, file.file_name), el("small", {}, size(file.file_size))),
  );
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function quoted(original) {
  return el("div", { class: "quoted" }, original.text ?? original.caption ?? original.document?.file_name ?? word("photo"));
}

function stamps(raw) {
  const line = el("div", { class: "stamps" });
  if (raw.has_protected_content) {
    line.append(el("span", { class: "protected", title: word("protected") }, icon("lock"), word("protected")));
  }
  if (raw.edit_date && raw.from.is_bot) line.append(el("span", {}, word("edited")));
  const sent = new Date(raw.date * 1000);
  line.append(el("time", { datetime: sent.toISOString() }, clock(sent)));
  return line;
}

function clock(date) {
  return date.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const daysAgo = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (daysAgo === 0) return word("today");
  if (daysAgo === 1) return word("yesterday");
  return date.toLocaleDateString(locale(), { year: "numeric", month: "long", day: "numeric" });
}

function keyboardElement(raw, act) {
  const rows = raw.reply_markup.inline_keyboard.map((row) =>
    el("div", { class: "row" }, ...row.map((button) => buttonElement(raw, button, act))));
  return el("div", { class: "inline-keyboard" }, ...rows);
}

function buttonElement(raw, button, act) {
  const press = (event) => {
    if (button.callback_data !== undefined) act.press(raw.message_id, button.callback_data, event.currentTarget);
    else if (button.copy_text) act.copy(button.copy_text.text);
    else if (button.url && !act.openLink(button.url)) window.open(button.url, "_blank", "noopener");
  };
  const mark = button.copy_text ? icon("copy") : button.url ? icon("link") : null;
  return el("button", { type: "button", class: `style-${button.style || "plain"}`, onclick: press }, ...marked(button.text), mark);
}

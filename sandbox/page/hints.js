// What the demo suggests above a phone: a link to open, words to say, files to send.

import { el, icon } from "./dom.js";
import { inLanguage, word } from "./labels.js";

export function hintElement(hint, phone) {
  const { start, files } = hint;
  const text = inLanguage(hint, "text");
  const say = inLanguage(hint, "say");
  const chips = [];
  const offer = (act, ...label) => chips.push(el("button", { type: "button", onclick: act }, ...label));
  if (start) offer(() => phone.post("start", { parameter: start }), icon("link"), start);
  if (say) offer(() => phone.say(say), say);
  for (const name of files || []) offer(() => phone.post("sample", { name }), icon("file"), name);
  return el("div", { class: "hint" }, el("span", { class: "what" }, text || word("try_this")), ...chips);
}

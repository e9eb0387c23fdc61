// One person's phone: the chat with the bot, the composer, menus and settings.

import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { hintElement } from "./hints.js";
import { LANGUAGES, inLanguage, labelAll, word } from "./labels.js";
import { dayName, messageElement } from "./message.js";

export class Phone {
  constructor(person, { onUnread }) {
    this.person = person;
    this.onUnread = onUnread;
    this.suggested = [];
    this.forget();
    this.build();
  }

  forget() {
    this.since = 0;
    this.messages = new Map();
    this.elements = new Map();
    this.isFirstView = true;
    this.openPanel = "";
  }

  get path() {
    return `/phone/people/${this.person.id}`;
  }

  // ---- asking the server

  async post(act, body = {}) {
    const sent = body instanceof FormData
      ? { method: "POST", body }
      : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const answer = await fetch(`${this.path}/${act}`, sent);
    if (!answer.ok) this.toast((await answer.json().catch(() => ({}))).description || answer.statusText);
    return answer.ok;
  }

  async refresh() {
    const since = this.since;
    const answer = await fetch(`${this.path}?since=${since}`);
    if (!answer.ok || since !== this.since) return;
    this.show(await answer.json());
  }

  say(text) {
    this.closePanel();
    return this.post("text", { text });
  }

  // True if the link is one of the bot's start links, which is then followed as if scanned.
  openLink(url) {
    const found = /(?:t\.me\/|domain=)([\w]+)[?&]start=([\w-]+)/i.exec(url);
    if (!found || found[1].toLowerCase() !== this.bot?.username.toLowerCase()) return false;
    this.post("start", { parameter: found[2] });
    return true;
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without leave for the clipboard the words are still shown.
    }
    this.toast(`${word("copied")}: ${text}`);
  }

  async press(messageId, data, button) {
    button.classList.add("waiting");
    if (!(await this.post("press", { message_id: messageId, data }))) button.classList.remove("waiting");
  }

  async upload(file) {
    const form = new FormData();
    form.append("file", file, file.name);
    form.append("kind", ["image/png", "image/jpeg"].includes(file.type) ? "photo" : "document");
    form.append("caption", this.composer.text);
    if (await this.post("upload", form)) this.composer.clear();
  }

  // ---- drawing what changed

  show(view) {
    this.since = view.revision;
    this.person = view.person;
    this.bot = view.bot;
    this.view = view;
    const wasAtEnd = this.isAtEnd();
    const news = this.takeMessages(view);
    this.drawMessages(view.messages.map(({ raw }) => raw.message_id));
    this.drawHead(view);
    this.drawBottom(view);
    view.toasts.forEach((toast) => (this.isFirstView ? null : toast.is_alert ? this.alert(toast.text) : this.toast(toast.text)));
    if (!view.waiting_presses) this.root.querySelectorAll(".waiting").forEach((button) => button.classList.remove("waiting"));
    if (wasAtEnd || this.isFirstView || news.some((raw) => !raw.from.is_bot)) this.toEnd();
    if (!this.isFirstView && news.some((raw) => raw.from.is_bot)) this.onUnread(this);
    this.isFirstView = false;
  }

  takeMessages(view) {
    const news = view.messages.map(({ raw }) => raw).filter((raw) => !this.messages.has(raw.message_id));
    for (const { raw } of view.messages) this.messages.set(raw.message_id, raw);
    const kept = new Set(view.message_ids);
    for (const id of this.messages.keys()) {
      if (kept.has(id)) continue;
      this.messages.delete(id);
      this.elements.get(id)?.remove();
      this.elements.delete(id);
    }
    return news;
  }

  drawMessages(changedIds) {
    for (const id of changedIds) {
      const raw = this.messages.get(id);
      if (!raw) continue;
      const fresh = messageElement(raw, this);
      const old = this.elements.get(id);
      if (old) old.replaceWith(fresh);
      else this.log.append(fresh);
      this.elements.set(id, fresh);
    }
    this.drawDays();
  }

  drawDays() {
    this.log.querySelectorAll(".day").forEach((day) => day.remove());
    let last = "";
    for (const [id, element] of this.elements) {
      const name = dayName(this.messages.get(id).date);
      if (name !== last) element.before(el("div", { class: "day" }, el("span", {}, name)));
      last = name;
    }
  }

  redraw() {
    labelAll(this.root);
    this.showHints(this.suggested);
    if (!this.view) return;
    this.drawMessages([...this.messages.keys()]);
    this.drawHead(this.view);
    this.drawBottom(this.view);
  }

  drawHead(view) {
    this.botName.textContent = view.bot.name;
    this.avatar.textContent = [...view.bot.name][0] || "";
    this.owner.textContent = view.person.name;
    this.language.value = view.person.language_code;
    this.drawActivity(view.activity);
    const label = view.person.has_blocked ? "unblock" : "block";
    this.blockButton.dataset.label = label;
    this.blockButton.textContent = word(label);
  }

  drawActivity(activity) {
    clearTimeout(this.activityTimer);
    const isActive = activity.name && activity.seconds > 0;
    this.status.classList.toggle("active", Boolean(isActive));
    this.status.textContent = !isActive ? word("bot") : activity.name === "typing" ? word("typing") : word("uploading");
    if (isActive) this.activityTimer = setTimeout(() => this.drawActivity({ name: "" }), activity.seconds * 1000);
  }

  drawBottom(view) {
    const isEmpty = this.messages.size === 0;
    this.root.classList.toggle("is-empty", isEmpty);
    this.root.classList.toggle("is-blocked", view.person.has_blocked);
    this.description.textContent = view.bot.description;
    this.composer.show(view);
  }

  // ---- small things that float over the chat

  toast(text) {
    const shown = el("div", { class: "toast", role: "status" }, text);
    this.overlay.append(shown);
    setTimeout(() => shown.remove(), 3500 + 40 * text.length);
  }

  alert(text) {
    const close = () => box.remove();
    const box = el("div", { class: "alert", role: "alertdialog" },
      el("p", {}, text), el("button", { type: "button", class: "primary", onclick: close }, word("ok")));
    this.overlay.append(box);
    box.querySelector("button").focus();
  }

  openOnly(panel) {
    this.openPanel = panel;
    this.root.dataset.panel = panel;
    if (this.isNearEnd) this.toEnd();
  }

  closePanel() {
    this.openOnly("");
  }

  toggle(panel) {
    this.isNearEnd = this.isAtEnd();
    this.openOnly(this.openPanel === panel ? "" : panel);
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  // ---- building the phone, once

  build() {
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    this.overlay = el("div", { class: "overlay" });
    this.composer = new Composer(this);
    this.hints = el("div", { class: "hints" });
    this.root = el("section", { class: "phone", "data-person": this.person.id, "aria-label": this.person.name },
      this.buildOwner(), this.hints,
      el("div", { class: "screen" }, this.buildHead(), this.log, this.buildWelcome(), this.overlay, ...this.buildBottom()));
    new ResizeObserver(() => this.stayAtEnd()).observe(this.log);
    this.log.addEventListener("scroll", () => (this.wasAtEnd = this.isAtEnd()));
    this.log.addEventListener("click", () => (this.openPanel === "settings" ? this.closePanel() : null));
    this.log.addEventListener("load", () => this.stayAtEnd(), true);
    this.acceptDrops();
    labelAll(this.root);
  }

  stayAtEnd() {
    if (this.wasAtEnd !== false) this.toEnd();
  }

  buildOwner() {
    this.owner = el("b", { class: "name" }, this.person.name);
    this.role = el("span", { class: "role" });
    this.language = el("select", { "data-tip": "language", onchange: () => this.post("language", { language_code: this.language.value }) },
      ...LANGUAGES.map(([code, name]) => el("option", { value: code }, name)));
    return el("div", { class: "owner" }, el("div", {}, this.owner, this.role), this.language);
  }

  buildHead() {
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    this.botName = el("b", {});
    this.status = el("small", { role: "status" });
    const more = el("button", { type: "button", class: "quiet", "data-tip": "more", onclick: () => this.toggle("settings") }, icon("more"));
    return el("div", { class: "head" }, this.avatar, el("div", { class: "who" }, this.botName, this.status), more, this.buildSettings());
  }

  buildSettings() {
    const field = el("input", { type: "text", name: "link", autocomplete: "off", spellcheck: "false", "data-placeholder": "link_example", "data-tip": "link" });
    const open = (event) => {
      event.preventDefault();
      const parameter = /(?:start=)?([\w-]+)\s*$/.exec(field.value)?.[1] || "";
      field.value = "";
      this.closePanel();
      this.post("start", { parameter });
    };
    this.blockButton = el("button", { type: "button", class: "danger", onclick: () => this.toggleBlock() });
    return el("div", { class: "settings" },
      el("form", { class: "link", onsubmit: open }, el("span", { "data-label": "link" }), el("div", { class: "pair" }, field, el("button", { type: "submit", class: "primary", "data-label": "open" }))),
      this.blockButton);
  }

  async toggleBlock() {
    this.closePanel();
    await this.post(this.person.has_blocked ? "unblock" : "block");
  }

  buildWelcome() {
    this.description = el("p", { class: "description" });
    return el("div", { class: "welcome" }, el("b", { "data-label": "nothing_yet" }), this.description);
  }

  buildBottom() {
    const start = el("button", { type: "button", class: "wide", onclick: () => this.post("start", {}), "data-label": "start" });
    const unblock = el("button", { type: "button", class: "wide", onclick: () => this.toggleBlock(), "data-label": "unblock" });
    return [
      ...this.composer.elements,
      el("div", { class: "starter" }, start),
      el("div", { class: "unblocker" }, el("small", { "data-label": "blocked" }), unblock),
    ];
  }

  acceptDrops() {
    const screen = this.root.querySelector(".screen");
    screen.addEventListener("dragover", (event) => event.preventDefault());
    screen.addEventListener("drop", (event) => {
      event.preventDefault();
      for (const file of event.dataTransfer.files) this.upload(file);
    });
  }

  // `hints`: what the demo suggests for this phone.
  showHints(hints) {
    this.suggested = hints;
    this.role.textContent = hints[0] ? inLanguage(hints[0], "title") : "";
    this.hints.replaceChildren(...hints.map((hint) => hintElement(hint, this)));
  }
}

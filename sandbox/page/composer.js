// Where a person writes: the text box, the command menu, the reply keyboard and the paper clip.

import { el, icon } from "./dom.js";
import { word } from "./labels.js";

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.commands = [];
    this.commandList = el("div", { class: "commands", role: "menu" });
    this.keyboardRows = el("div", { class: "reply-keyboard" });
    this.elements = [this.commandList, this.build(), this.keyboardRows];
  }

  get text() {
    return this.input.value.trim();
  }

  clear() {
    this.input.value = "";
    this.fit();
  }

  // `view`: what the server says this phone shows.
  show(view) {
    this.commands = view.commands;
    this.menuButton.hidden = view.commands.length === 0;
    this.input.placeholder = view.keyboard?.input_field_placeholder || word("write");
    this.drawCommands();
    this.drawKeyboard(view.keyboard?.keyboard || []);
  }

  drawCommands() {
    const typed = this.input.value.startsWith("/") ? this.input.value.slice(1).split(/\s/)[0] : "";
    const fitting = this.commands.filter(({ command }) => command.startsWith(typed));
    const send = (command) => this.phone.say(`/${command}`).then(() => this.clear());
    this.commandList.replaceChildren(...fitting.map(({ command, description }) =>
      el("button", { type: "button", onclick: () => send(command) }, el("b", {}, `/${command}`), el("span", {}, description))));
  }

  drawKeyboard(rows) {
    const isNew = JSON.stringify(rows) !== this.shownRows;
    this.shownRows = JSON.stringify(rows);
    this.keyboardButton.hidden = rows.length === 0;
    this.keyboardRows.replaceChildren(...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => this.key(button)))));
    if (isNew && rows.length) this.phone.openOnly("keyboard");
    if (!rows.length && this.phone.openPanel === "keyboard") this.phone.closePanel();
  }

  key({ text, style }) {
    const press = () => this.phone.post("text", { text });
    return el("button", { type: "button", class: `style-${style || "plain"}`, onclick: press }, text);
  }

  build() {
    this.menuButton = this.toggleButton("menu", "commands");
    this.menuButton.classList.add("menu");
    this.keyboardButton = this.toggleButton("keyboard", "keyboard");
    this.file = el("input", { type: "file", hidden: true, onchange: () => this.pickFiles() });
    const attach = el("button", { type: "button", class: "quiet", "data-tip": "attach", onclick: () => this.file.click() }, icon("attach"));
    this.input = el("textarea", {
      rows: "1",
      name: "text",
      "data-placeholder": "write",
      "data-tip": "write",
      oninput: () => this.typed(),
      onkeydown: (event) => this.keyed(event),
    });
    const send = el("button", { type: "submit", class: "send", "data-tip": "send" }, icon("send"));
    return el("form", { class: "composer", onsubmit: (event) => this.submit(event) },
      this.menuButton, this.input, this.keyboardButton, attach, this.file, send);
  }

  toggleButton(name, panel) {
    const toggle = () => this.phone.toggle(panel);
    return el("button", { type: "button", class: "quiet", "data-tip": name, onclick: toggle }, icon(name));
  }

  typed() {
    this.fit();
    this.drawCommands();
    if (/^\/\w*$/.test(this.input.value)) this.phone.openOnly("commands");
    else if (this.phone.openPanel === "commands") this.phone.closePanel();
  }

  keyed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    if (event.key === "Escape") this.phone.closePanel();
  }

  async submit(event) {
    event.preventDefault();
    if (this.text && (await this.phone.say(this.text))) this.clear();
  }

  pickFiles() {
    for (const file of this.file.files) this.phone.upload(file);
    this.file.value = "";
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
  }
}

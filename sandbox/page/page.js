// The page: phones side by side, or one at a time behind tabs on a narrow screen.

import { el } from "./dom.js";
import { LANGUAGES, labelAll, otherLanguage } from "./labels.js";
import { Phone } from "./phone.js";

const phones = new Map();
const byId = (id) => document.getElementById(id);
let chosen = null;

async function loadPeople() {
  const { people, hints } = await (await fetch("/phone/people")).json();
  for (const person of people) {
    if (!phones.has(person.id)) addPhone(person);
    phones.get(person.id).showHints(hints.filter((hint) => hint.person === person.name));
  }
  await Promise.all([...phones.values()].map((phone) => phone.refresh()));
}

function addPhone(person) {
  const phone = new Phone(person, { onUnread });
  phone.tab = el("button", { type: "button", role: "tab", onclick: () => choose(person.id) }, person.name);
  byId("tabs").append(phone.tab);
  byId("phones").append(phone.root);
  phones.set(person.id, phone);
  if (chosen === null) choose(person.id);
}

function choose(id) {
  chosen = id;
  for (const [personId, phone] of phones) {
    const isChosen = personId === id;
    phone.root.classList.toggle("chosen", isChosen);
    phone.tab.setAttribute("aria-selected", isChosen);
    if (isChosen) {
      phone.tab.classList.remove("unread");
      phone.stayAtEnd();
    }
  }
}

function onUnread(phone) {
  if (phone.person.id !== chosen) phone.tab.classList.add("unread");
}

function listen() {
  const events = new EventSource("/phone/events");
  let wasOpen = false;
  events.onopen = () => {
    byId("offline").hidden = true;
    if (wasOpen) startAfresh();
    wasOpen = true;
  };
  events.onerror = () => (byId("offline").hidden = false);
  events.onmessage = ({ data }) => {
    const { changed } = JSON.parse(data);
    if (changed.some((id) => id > 0 && !phones.has(id))) loadPeople();
    for (const id of changed) phones.get(id)?.refresh();
  };
}

// The server was away and may have forgotten; so do we.
function startAfresh() {
  for (const phone of phones.values()) {
    phone.root.remove();
    phone.tab.remove();
  }
  phones.clear();
  chosen = null;
  loadPeople();
}

function makeSwitches() {
  const large = (isOn) => {
    document.documentElement.classList.toggle("large", isOn);
    byId("large").setAttribute("aria-pressed", isOn);
    localStorage.setItem("large", isOn ? "1" : "");
  };
  large(Boolean(localStorage.getItem("large")));
  byId("large").onclick = () => large(!document.documentElement.classList.contains("large"));
  byId("labels").onclick = () => {
    otherLanguage();
    labelAll(document);
    for (const phone of phones.values()) phone.redraw();
  };
}

function makeNewPerson() {
  const dialog = byId("new-person");
  const form = dialog.querySelector("form");
  form.elements.language.append(...LANGUAGES.map(([code, name]) => el("option", { value: code }, name)));
  byId("add").onclick = () => dialog.showModal();
  dialog.addEventListener("close", async () => {
    const name = form.elements.name.value.trim();
    if (dialog.returnValue === "add" && name) await add(name, form.elements.language.value);
    form.reset();
  });
}

async function add(name, language_code) {
  const body = JSON.stringify({ name, language_code });
  const person = await (await fetch("/phone/people", { method: "POST", body, headers: { "Content-Type": "application/json" } })).json();
  await loadPeople();
  choose(person.id);
  phones.get(person.id).root.scrollIntoView({ inline: "end", behavior: "smooth" });
}

labelAll(document);
makeSwitches();
makeNewPerson();
await loadPeople();
listen();

// The page's own words, Chinese first. What the bot says is never touched.

const WORDS = {
  title: ["手机演示", "Phones"],
  about: ["一人一部手机，都在和同一个机器人对话", "One phone each, all talking to the same bot"],
  offline: ["连接断开，正在重试…", "Disconnected, trying again…"],
  large: ["大字", "Large type"],
  other_language: ["English", "中文"],
  add_person: ["添加一人", "Add a person"],
  new_person: ["再来一位", "One more person"],
  name: ["称呼", "Name"],
  language: ["手机语言", "Phone language"],
  cancel: ["取消", "Cancel"],
  start: ["开始", "START"],
  nothing_yet: ["这位机器人能做什么？", "What can this bot do?"],
  bot: ["机器人", "bot"],
  typing: ["正在输入…", "typing…"],
  uploading: ["正在发送文件…", "sending a file…"],
  write: ["输入消息", "Message"],
  send: ["发送", "Send"],
  attach: ["发送文件或图片", "Send a file or picture"],
  menu: ["菜单", "Menu"],
  keyboard: ["快捷键盘", "Keyboard"],
  more: ["手机设置", "Phone settings"],
  link: ["扫码或打开链接", "Scan or open a link"],
  link_example: ["t.me/…?start=代码", "t.me/…?start=CODE"],
  open: ["打开", "Open"],
  block: ["屏蔽机器人", "Block the bot"],
  unblock: ["解除屏蔽", "Unblock"],
  blocked: ["您已屏蔽这个机器人", "You have blocked this bot"],
  edited: ["已编辑", "edited"],
  protected: ["禁止转发", "no forwarding"],
  forwarded: ["转发的消息", "Forwarded message"],
  copied: ["已复制", "Copied"],
  ok: ["好", "OK"],
  try_this: ["试一试", "Try this"],
  today: ["今天", "Today"],
  yesterday: ["昨天", "Yesterday"],
  contact: ["名片", "Contact"],
  voice: ["语音", "Voice message"],
  sticker: ["表情", "Sticker"],
  location: ["位置", "Location"],
  photo: ["图片", "Photo"],
  download: ["下载", "Download"],
};

export const LANGUAGES = [["zh-hans", "简体中文"], ["zh-hant", "繁體中文"], ["en", "English"]];

let column = localStorage.getItem("labels") === "en" ? 1 : 0;

export function word(name) {
  return WORDS[name][column];
}

// Of what the demo says in both languages, the one that is shown.
export function inLanguage(said, name) {
  return (column && said[`${name}_en`]) || said[name];
}

export function locale() {
  return column ? "en-GB" : "zh-CN";
}

export function otherLanguage() {
  column = 1 - column;
  localStorage.setItem("labels", column ? "en" : "zh");
}

export function labelAll(root) {
  document.documentElement.lang = column ? "en" : "zh-Hans";
  for (const element of root.querySelectorAll("[data-label]")) element.textContent = word(element.dataset.label);
  for (const element of root.querySelectorAll("[data-tip]")) {
    element.title = word(element.dataset.tip);
    element.setAttribute("aria-label", word(element.dataset.tip));
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) element.placeholder = word(element.dataset.placeholder);
}

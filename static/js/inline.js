// Adds to a page of work and edits on it without leaving: a link with data-inline shows the form of its page in place.
// Without this script, or when anything is out of the ordinary, links and forms lead where they always do.
// A form says by events what becomes of it, so that keep.js looks after it: form:inserted, form:unsent (no answer came),
// form:removed (its detail: whether what was typed is saved).
"use strict";

const ITEM = "[id][tabindex]:not(h2, main)"; // what one can add or change, and what can take the focus
const said = document.querySelector("[data-said]");
const work = () => document.querySelector("[data-work]");
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
const typed = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name || value]));
const firstField = (form) => form.querySelector(".form__part :is(input, select, textarea):not([type=hidden])");
let box = null, link = null, before = "";
const isUntouched = () => typed(box.firstChild) === before;

function tell(what, detail) {
  box.firstChild?.dispatchEvent(new CustomEvent(what, { bubbles: true, detail }));
}

function close(isSaved) {
  tell("form:removed", isSaved);
  box.remove();
  box = null;
}

function fill(page, isSent) {
  const form = page.querySelector("form.form"), more = page.querySelector(".form-aside .page-list") || "";
  const heading = document.createElement("h3"), title = form.querySelector("h1");
  heading.className = title.className;
  heading.append(...title.childNodes);
  title.replaceWith(heading);
  tell("form:removed");
  box.replaceChildren(form, more);
  before = isSent ? "" : typed(form);
  tell("form:inserted");
  const wrong = form.querySelector("[role=alert]:not([hidden])");
  if (wrong) wrong.tabIndex = -1;
  (wrong || firstField(form)).focus();
}

async function open(at) {
  const page = parsed(await (await fetch(at.href)).text());
  if (!page.querySelector("form.form")) throw new Error("no form");
  if (box) close();
  link = at;
  box = document.createElement("div");
  box.className = "inline-form";
  const item = at.closest(ITEM);
  if (item) item.append(box);
  else at.closest("section").firstElementChild.after(box);
  fill(page);
}

function renew(page) {
  const place = link.closest(ITEM)?.id, part = link.closest("section").id, news = page.querySelector(".messages");
  const known = new Set([...work().querySelectorAll("[id]")].map((one) => one.id));
  close(true);
  work().replaceWith(page.querySelector("[data-work]"));
  const section = document.getElementById(part), items = [...section.querySelectorAll(ITEM)];
  if (news) {
    news.classList.remove("wrap");
    section.firstElementChild.after(news);
    said.textContent = news.innerText;
  }
  const heading = section.querySelector("h2");
  (items.find((one) => !known.has(one.id)) || items.find((one) => one.id === place) || heading).focus();
}

async function send(form, by) {
  const body = new FormData(form, by), buttons = form.querySelectorAll("button");
  const wait = (is) => buttons.forEach((one) => { one.disabled = is; });
  wait(true);
  try {
    const answer = await fetch(form.action, { method: "POST", body }), page = parsed(await answer.text());
    if (answer.status >= 500) throw new Error(answer.status);
    if (page.querySelector("[data-work]")) return renew(page);
    if (page.querySelector("form.form")) return fill(page, true);
    if (answer.redirected) return location.assign(answer.url);
    wait(false); // an expired session: the way round by the sign-in page, which keeps what was typed
    tell("form:unsent");
    box = null;
    form.requestSubmit(by);
  } catch {
    wait(false);
    tell("form:unsent");
    const lost = form.querySelector("[data-lost]");
    lost.hidden = false;
    lost.scrollIntoView({ block: "center" });
  }
}

document.addEventListener("click", (event) => {
  const at = event.target.closest("a");
  if (!at || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (box?.contains(at) && at.closest(".form__foot")) {
    event.preventDefault();
    close();
    link.focus();
  } else if ("inline" in at.dataset) {
    event.preventDefault();
    if (!box || isUntouched()) return open(at).catch(() => location.assign(at.href));
    said.textContent = work().dataset.unfinished;
    firstField(box).focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !box?.contains(event.target) || !isUntouched()) return;
  close();
  link.focus();
});
document.addEventListener("submit", (event) => {
  if (!box?.contains(event.target) || event.defaultPrevented) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

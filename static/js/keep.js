// Nothing typed into a form of the office is lost: leaving a changed one warns, none is sent without a connection, and
// a draft of it (text alone) waits in this browser until it is saved. Without this script the forms work as they are.
"use strict";

(function () {
  const DRAFT = "draft ";
  const DAYS = 14; // that a draft waits
  const PATIENCE = 8_000; // milliseconds for the server to say that it is there
  const OURS = new Set(["csrfmiddlewaretoken", "owner", "go"]); // parameters that nobody types

  const store = (deed) => { try { return deed(localStorage); } catch { return null; } }; // it may be full or refused
  const drafts = (place) => store((kept) => Object.keys(kept).filter((key) => key.startsWith(place))) || [];
  const read = (key) => store((kept) => JSON.parse(kept.getItem(key)));
  const forget = (key) => store((kept) => kept.removeItem(key));

  let isOver = false; // somebody signs out

  // What stands in a box, or stood in it as the server sent the page.
  function content(box, sent) {
    if (box.type === "checkbox" || box.type === "radio") return sent ? box.defaultChecked : box.checked;
    if (box.type === "file") return sent ? 0 : box.files.length;
    if (!box.options) return sent ? box.defaultValue : box.value;
    const options = [...box.options], chosen = options.map((one) => (sent ? one.defaultSelected : one.selected));
    if (sent && !box.multiple && !chosen.includes(true) && options.length) chosen[0] = true; // as browsers choose
    return chosen;
  }

  function attend(form) {
    const { person } = form.dataset; // without it no draft is kept
    const place = `${DRAFT}${person} ${new URL(form.action).pathname} `;
    const key = place + (form.elements.submission?.value || Math.random()); // another tab's form has another
    const lost = form.querySelector("[data-lost]"), offer = form.querySelector("[data-draft]");
    const boxes = () => [...form.elements].filter((one) => one.name && (one.options || "defaultValue" in one));
    const state = (sent) => JSON.stringify(boxes().map((one) => content(one, sent)));
    const typed = () => [...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && !OURS.has(name) && form.elements[name]?.type !== "password");
    let saved = state(true), isSending = false, isSure = false, isGone = false, timer = 0;

    const isUnsaved = form.matches("[data-unsaved], :has([data-unsaved])"); // it came back with errors, or was held
    const hasChanged = () => isUnsaved || state() !== saved;
    const warn = (event) => { if (!isSending) event.preventDefault(); };

    function keep() {
      clearTimeout(timer);
      if (isGone) return;
      (hasChanged() ? addEventListener : removeEventListener)("beforeunload", warn);
      if (!hasChanged()) forget(key);
      else if (person && !isOver) store((kept) => kept.setItem(key, JSON.stringify({ at: Date.now(), typed: typed() })));
    }

    // The browser itself sends the form, once the server has answered that it is there.
    function send(event) {
      if (isSure || !lost) {
        isSure = false;
        isSending = true;
        saved = state();
        setTimeout(() => { isSending = false; }, PATIENCE); // it may have been stopped
        try { sessionStorage.setItem("sent", key); } catch { /* the draft is offered once more */ }
        return;
      }
      event.preventDefault();
      if (isSending) return; // a second click
      keep();
      isSending = lost.hidden = true;
      fetch("/health/live", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })
        .then((answer) => { if (answer.status >= 500) throw new Error(answer.status); })
        .then(() => { isSure = true; form.requestSubmit(event.submitter); })
        .catch(() => { isSending = lost.hidden = false; lost.scrollIntoView({ block: "center" }); });
    }

    function offerDraft() {
      const [found] = drafts(place).filter((one) => one !== key).sort((one, other) => read(other).at - read(one).at);
      if (!found || !offer || isUnsaved) return;
      const draft = read(found), language = document.documentElement.lang === "fa" ? "fa-IR" : "en-GB";
      const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
      offer.querySelector("time").textContent = day.format(draft.at);
      offer.hidden = false;
      offer.querySelector("[data-take]").addEventListener("click", () => bringBack(draft.typed));
      offer.querySelector("[data-drop]").addEventListener("click", () => { forget(found); offer.hidden = true; });
    }

    // The server draws the form anew, with as many rows as it had, and compares it with what others have saved since.
    function bringBack(fields) {
      const again = document.createElement("form");
      Object.assign(again, { method: "post", action: form.action, hidden: true });
      const ours = ["csrfmiddlewaretoken", "owner"].map((name) => [name, form.elements[name].value]);
      for (const [name, value] of [...fields, ...ours, ["go", "bring_back"]]) {
        again.append(Object.assign(document.createElement("textarea"), { name, value }));
      }
      document.body.append(again);
      isSending = true;
      again.submit();
    }

    form.addEventListener("input", () => { isOver = false; clearTimeout(timer); timer = setTimeout(keep, 400); });
    form.addEventListener("change", keep);
    form.addEventListener("submit", send);
    form.addEventListener("click", (event) => {
      if (!event.target.closest("[data-discards]")) return;
      isSending = true;
      forget(key);
    });
    // A form that comes and goes within a page (inline.js): sent in vain, or taken away with what was typed saved or not.
    form.addEventListener("form:unsent", () => { isSending = false; saved = state(true); keep(); });
    form.addEventListener("form:removed", ({ detail: isSaved }) => {
      isGone = true;
      clearTimeout(timer);
      removeEventListener("beforeunload", warn);
      if (isSaved) forget(key);
    });
    addEventListener("pagehide", () => { if (!isSending) keep(); });
    addEventListener("pageshow", () => { isSending = false; keep(); }); // also on the way back, with what was typed
    if (person) offerDraft();
  }

  try {
    if (document.querySelector(".message--success")) forget(sessionStorage.getItem("sent"));
    sessionStorage.removeItem("sent");
  } catch { /* as above */ }
  drafts(DRAFT).filter((key) => !(read(key)?.at > Date.now() - DAYS * 86_400_000)).forEach(forget);
  document.querySelectorAll("form.form[method=post], .change-form #content-main form").forEach(attend);
  document.addEventListener("form:inserted", (event) => attend(event.target));
  document.querySelector("form.person")?.addEventListener("submit", () => {
    isOver = true;
    drafts(DRAFT).forEach(forget);
  });
})();

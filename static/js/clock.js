// The time of day in another city, by the reader's own clock: a page that is kept for days cannot say it itself.
"use strict";

const show = (line) => {
  const language = document.documentElement.lang === "fa" ? "fa-u-nu-arabext" : "en-GB";
  const clock = new Intl.DateTimeFormat(language, { timeZone: line.dataset.zone, hour: "2-digit", minute: "2-digit" });
  const time = line.querySelector("time");
  const tick = () => {
    const now = new Date();
    time.textContent = clock.format(now);
    time.dateTime = now.toISOString();
    setTimeout(tick, 60_000 - (now % 60_000));
  };
  tick();
  line.hidden = false;
};

for (const line of document.querySelectorAll("[data-zone]")) {
  try {
    show(line);
  } catch {
    // A browser that does not know the zone says nothing; how the clocks differ stands there all the same.
  }
}

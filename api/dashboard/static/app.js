// What pages do beyond HTML. Without this script everything works; with it less has to be loaded anew.
"use strict";

// A choice in a filter takes effect at once, where its form says so.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form) form.requestSubmit();
});

// The menu of a narrow screen closes when one of its links is followed within the page.
document.addEventListener("click", (event) => {
  const menu = event.target.closest("#menu:popover-open");
  if (menu && event.target.closest("a[href^='#']")) menu.hidePopover();
});

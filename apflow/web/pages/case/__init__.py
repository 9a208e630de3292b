"""One case, as each side of it sees it: what to do, its forms and files, what is made of it, and its history."""

from apflow.web.pages.case import case, event_form, evidence, files, made, overrides, timeline, told, unsending

PAGES = (case, event_form, evidence, files, made, overrides, timeline, told, unsending)

"""What is for people who are no staff: the front page, ways in, an enquiry, a home of their own, parents; the demo."""

from apflow.web.pages.everybody import about, approved_list, demo, home, parents, sign_in, start

PAGES = (about, approved_list, home, parents, sign_in, start)
DEMO = (demo,)

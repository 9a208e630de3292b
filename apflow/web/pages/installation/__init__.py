"""The installation itself: its health and figures, the policy and workflows that run, what the nightly check found."""

from apflow.web.pages.installation import findings, health, metrics, policy, workflows

PAGES = (findings, health, metrics, policy, workflows)

"""What would come of it: a case if nobody acts, a year of a workflow, a changed policy over what has been."""

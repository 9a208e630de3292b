"""Finding in free text what would say which pupil it is about."""

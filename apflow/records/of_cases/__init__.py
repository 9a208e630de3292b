"""The records that cases keep: what a decision reads of them, and writing them in the commit of the event."""

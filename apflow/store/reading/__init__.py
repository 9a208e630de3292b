"""What pages and reports read of cases: lists, queues, history, and how late we are."""

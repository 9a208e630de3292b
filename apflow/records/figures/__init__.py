"""What reports, invoices and returns are counted from: the facts of provision as the records have them."""

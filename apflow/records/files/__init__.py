"""Files of rows as text: their sheets, and what their columns are called."""

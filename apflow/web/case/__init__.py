"""What the pages of a case show: how it stands, what happened, what is to do, as far as the reader may see."""

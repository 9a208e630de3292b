"""Session marks and the school days that they go by: the one door to marks, and what follows from them."""

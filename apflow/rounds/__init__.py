"""What goes on by itself: deadlines ring, cases hear each other, what is late is chased, and nightly all is checked."""

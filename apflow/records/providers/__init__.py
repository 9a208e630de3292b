"""What is on record of providers: their sites, and the lights of their registration."""

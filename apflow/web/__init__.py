"""The web application: pages, the JSON interface and sign-in, over the handler."""

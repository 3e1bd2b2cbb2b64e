"""Pages for customers without a login: the page of a quote, and the page to opt out of mailings."""

"""The demo: an invented fund in June 2012, four people with phones, and what each may try."""

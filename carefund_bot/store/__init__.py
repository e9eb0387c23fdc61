"""All SQL and nothing but.

A store function takes an open `sqlite3.Connection` and asks one question or writes one fact.
"""

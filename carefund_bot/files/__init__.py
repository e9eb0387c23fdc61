"""Files as offices send them, read row by row into typed rows and typed faults; knows no SQL, no Telegram, no words.

Read in this order: `faults` (how a file is refused), `spreadsheet` (any table as rows of text), `headers` (which
column is which), `cells` (one cell at a time), `rolls` (whole rows, and what no two rows may share), `tables` (what
goes out again).
"""

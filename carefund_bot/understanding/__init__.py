"""What somebody means by free words: a pure, offline reading of one text. It decides nothing and changes nothing.

Read in this order: `reading` (the public face), `normalise` and `dialect` (one spelling for many), `slots` with `sums`,
`rhythms` and `days` (what was said beside the wish), `clauses` (two wishes), `features`, `encoder` and `model` (which
wish), `tiers` (act, ask with buttons, or hand to a person) and `explain` (why). What it learned from is in `phrases/`.
"""

-- What was not understood, made nobody's (domain/nameless.py) and sealed, for reviewers to label; answers from a day on.

-- No account, no hour: a day, the side that asked, the guess. Goes after a while. State, not fact.
CREATE TABLE unclear_text (
    id     INTEGER PRIMARY KEY,
    on_day TEXT NOT NULL,
    asker  TEXT NOT NULL CHECK (asker IN ('member', 'household', 'stranger')),
    guess  TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- What is old enough to go.
CREATE INDEX unclear_text_by_day ON unclear_text (on_day);

-- First day an answer holds; NULL: from its approval on.
ALTER TABLE faq_version ADD COLUMN from_on TEXT CHECK (from_on IS NULL OR until_on IS NULL OR from_on <= until_on);

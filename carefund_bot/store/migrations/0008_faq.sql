-- The fund's own answers: versions written by one and approved by another; questions counted, never kept.

CREATE TABLE faq_entry (
    id         INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE faq_version (
    id          INTEGER PRIMARY KEY,
    request_id  TEXT    NOT NULL UNIQUE,
    entry_id    INTEGER NOT NULL REFERENCES faq_entry,
    topic       TEXT    NOT NULL CHECK (topic IN ('payout', 'card', 'apply', 'giving', 'receipt', 'privacy', 'safety',
                                                  'fund')),
    role        TEXT    CHECK (role IN ('member', 'beneficiary')),  -- NULL: everybody
    fund        TEXT,                                               -- NULL: all six
    intents     TEXT    NOT NULL CHECK (json_valid(intents)),
    question_zh TEXT    NOT NULL,
    answer_zh   TEXT    NOT NULL,
    question_en TEXT,
    answer_en   TEXT,
    until_on    TEXT,                                               -- last day it holds; NULL: for good
    staff_id    INTEGER REFERENCES staff,                           -- NULL: the starting set
    written_at  INTEGER NOT NULL,
    CHECK ((question_en IS NULL) = (answer_en IS NULL))
) STRICT;

-- An entry's newest approved version.
CREATE INDEX faq_version_of_entry ON faq_version (entry_id, id);

CREATE TABLE faq_decision (
    version_id INTEGER PRIMARY KEY REFERENCES faq_version,
    approved   INTEGER NOT NULL CHECK (approved IN (0, 1)),
    staff_id   INTEGER REFERENCES staff,
    at         INTEGER NOT NULL
) STRICT;

CREATE TRIGGER faq_has_two_hands BEFORE INSERT ON faq_decision
WHEN new.staff_id IS NOT NULL AND new.staff_id = (SELECT staff_id FROM faq_version WHERE id = new.version_id)
BEGIN SELECT raise(ABORT, 'who wrote it does not approve it'); END;

-- How often something was asked and how it ended, by day; no word of anybody.
CREATE TABLE asked (
    on_day  TEXT    NOT NULL,
    intent  TEXT    NOT NULL,
    outcome TEXT    NOT NULL CHECK (outcome IN ('answered', 'offered', 'handed_over', 'not_understood')),
    times   INTEGER NOT NULL,
    PRIMARY KEY (on_day, intent, outcome)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER faq_entry_stays_as_written BEFORE UPDATE ON faq_entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER faq_entry_stays BEFORE DELETE ON faq_entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER faq_version_stays_as_written BEFORE UPDATE ON faq_version BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER faq_version_stays BEFORE DELETE ON faq_version BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER faq_decision_stays_as_written BEFORE UPDATE ON faq_decision BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER faq_decision_stays BEFORE DELETE ON faq_decision BEGIN SELECT raise(ABORT, 'append-only'); END;

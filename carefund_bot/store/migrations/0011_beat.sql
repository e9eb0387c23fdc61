-- Why a message could not be taken back, and how the database knows whether it is the one that ran last.

-- too_old, blocked, chat_gone or refused; of those whose recall failed.
ALTER TABLE outbox ADD COLUMN recall_reason TEXT;

-- Counts up while the bot runs; a file beside the key remembers the last number. One row.
CREATE TABLE beat (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO beat VALUES (1, 0);

CREATE TRIGGER beat_goes_on BEFORE UPDATE ON beat WHEN new.number <= old.number
BEGIN SELECT raise(ABORT, 'a beat never comes again'); END;
CREATE TRIGGER beat_stays BEFORE DELETE ON beat BEGIN SELECT raise(ABORT, 'there is one beat'); END;

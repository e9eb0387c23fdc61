-- Conversations in progress, notices, and every message that a fact causes.

-- Where a person stands in an act; read at each update, so a restart loses nothing.
CREATE TABLE conversation (
    user_id    INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    act        TEXT    NOT NULL,
    step       TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE notice (
    id          INTEGER PRIMARY KEY,
    request_id  TEXT    NOT NULL UNIQUE,
    fund        TEXT,              -- NULL: all funds
    audience    TEXT    NOT NULL CHECK (json_valid(audience)),
    text_zh     TEXT    NOT NULL,
    text_en     TEXT,
    staff_id    INTEGER REFERENCES staff,
    composed_at INTEGER NOT NULL
) STRICT;

-- One message to one account: a notice, or what a fact makes us say. `facts` is sealed JSON, worded when sent.
-- reference: what makes it this message and no other, so that a replay queues nothing twice.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    reference  TEXT    NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    notice_id  INTEGER REFERENCES notice,
    facts      BLOB    NOT NULL,
    state      TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'unreachable',
                                                                   'uncertain', 'cancelled')),
    reason     TEXT,
    message_id INTEGER,
    queued_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- What to send next, what a fact caused before what goes to many; what was on its way when the process ended.
CREATE INDEX outbox_to_send ON outbox (state, notice_id IS NOT NULL, id) WHERE state IN ('pending', 'sending');
-- A notice's progress and result.
CREATE INDEX outbox_of_notice ON outbox (notice_id, state) WHERE notice_id IS NOT NULL;

CREATE TRIGGER notice_stays_as_written BEFORE UPDATE ON notice BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER notice_stays BEFORE DELETE ON notice BEGIN SELECT raise(ABORT, 'append-only'); END;

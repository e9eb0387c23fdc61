-- Every update, written before Telegram hears that we have it; handled once in effect, then emptied, later pruned.
CREATE TABLE inbox (
    update_id   INTEGER PRIMARY KEY,
    user_id     INTEGER,             -- in whose queue it stands; NULL: an update of nobody
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'handled', 'dismissed', 'set_aside')),
    starts      INTEGER NOT NULL DEFAULT 0,  -- how often a process may have ended because of it
    sealed      BLOB    NOT NULL,    -- the update as it came; x'' once it is no longer waiting
    trace       TEXT,                -- where a set-aside one failed; class and place, no words of anybody
    received_at INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT;

-- What a starting process has to take up again, in order.
CREATE INDEX inbox_waiting ON inbox (update_id) WHERE state = 'waiting';
-- What is old enough to be forgotten.
CREATE INDEX inbox_done ON inbox (changed_at) WHERE state IN ('handled', 'dismissed');

-- What becomes of a notice once it is written: a second pair of eyes, a time of its own, a pause, a recall, visits.

-- The queue's order (what goes to many has the last lane), and taking a sent message back.
ALTER TABLE outbox ADD COLUMN lane INTEGER NOT NULL DEFAULT 0 CHECK (lane BETWEEN 0 AND 2);
ALTER TABLE outbox ADD COLUMN recall TEXT CHECK (recall IN ('wanted', 'underway', 'done', 'failed'));
UPDATE outbox SET lane = 2 WHERE notice_id IS NOT NULL;
DROP INDEX outbox_to_send;
-- What to send next; what was on its way when the process ended.
CREATE INDEX outbox_to_send ON outbox (state, lane, id) WHERE state IN ('pending', 'sending');
-- What to take back next; what was being taken back when the process ended.
CREATE INDEX outbox_to_recall ON outbox (recall, id) WHERE recall IN ('wanted', 'underway');
-- What staff have to decide on.
CREATE INDEX outbox_in_doubt ON outbox (id) WHERE state = 'uncertain' AND notice_id IS NULL;

-- overruled: what the guard would have stopped, as JSON [[what, line], ...]. alone_at_most: copies that one person may
-- send without a second. due_at NULL: at once; after expires_at it waits for a person. digest: of everything above.
ALTER TABLE notice ADD COLUMN topic TEXT NOT NULL DEFAULT 'general' CHECK (topic IN ('general', 'fund_news'));
ALTER TABLE notice ADD COLUMN attachment TEXT CHECK (attachment IS NULL OR json_valid(attachment));
ALTER TABLE notice ADD COLUMN due_at INTEGER;
ALTER TABLE notice ADD COLUMN expires_at INTEGER;
ALTER TABLE notice ADD COLUMN alone_at_most INTEGER NOT NULL DEFAULT 1000;
ALTER TABLE notice ADD COLUMN overruled TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(overruled));
ALTER TABLE notice ADD COLUMN digest BLOB NOT NULL DEFAULT x'';

-- Where a notice stands is its newest step. staff_id NULL: the operator, or the clock.
CREATE TABLE notice_event (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    notice_id  INTEGER NOT NULL REFERENCES notice,
    step       TEXT    NOT NULL CHECK (step IN ('submitted', 'confirmed', 'scheduled', 'overdue', 'started', 'paused',
                                                'resumed', 'cancelled', 'recalled')),
    staff_id   INTEGER REFERENCES staff,
    digest     BLOB,   -- confirmed: of what the second person saw
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX notice_event_of_notice ON notice_event (notice_id, id);

INSERT INTO notice_event (request_id, notice_id, step, staff_id, at)
SELECT 'before-steps:' || id, id, 'started', staff_id, composed_at FROM notice;

CREATE TRIGGER notice_event_stays_as_written BEFORE UPDATE ON notice_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER notice_event_stays BEFORE DELETE ON notice_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER notice_moves_on BEFORE INSERT ON notice_event
WHEN coalesce((SELECT step FROM notice_event WHERE notice_id = new.notice_id ORDER BY id DESC LIMIT 1), '')
     || '>' || new.step NOT IN (
    '>submitted', '>scheduled', '>started',
    'submitted>confirmed', 'submitted>cancelled', 'confirmed>scheduled', 'confirmed>started',
    'scheduled>started', 'scheduled>overdue', 'scheduled>submitted', 'scheduled>cancelled',
    'overdue>started', 'overdue>submitted', 'overdue>cancelled',
    'started>paused', 'started>cancelled', 'started>recalled',
    'paused>resumed', 'paused>cancelled', 'paused>recalled',
    'resumed>paused', 'resumed>cancelled', 'resumed>recalled', 'cancelled>recalled')
BEGIN SELECT raise(ABORT, 'no such step'); END;
-- The second person is another one, and confirms these very words to these very readers.
CREATE TRIGGER notice_second_hands BEFORE INSERT ON notice_event
WHEN new.step = 'confirmed' AND (
    new.staff_id IS NULL
    OR new.staff_id IS (SELECT staff_id FROM notice WHERE id = new.notice_id)
    OR new.digest IS NOT (SELECT digest FROM notice WHERE id = new.notice_id))
BEGIN SELECT raise(ABORT, 'a notice is confirmed by somebody else, as it stands'); END;
-- To many, or past the guard, nobody writes alone.
CREATE TRIGGER notice_not_alone BEFORE INSERT ON notice_event
WHEN new.step = 'started'
     AND NOT EXISTS (SELECT 1 FROM notice_event WHERE notice_id = new.notice_id AND step = 'confirmed')
     AND EXISTS (SELECT 1 FROM notice
                  WHERE id = new.notice_id
                    AND (overruled <> '[]'
                         OR (SELECT count(*) FROM outbox WHERE notice_id = new.notice_id) > alone_at_most))
BEGIN SELECT raise(ABORT, 'this notice needs a second person'); END;

-- The notices whose copies may go now: what is paused or cancelled is not here. Made from the steps, with them.
CREATE TABLE notice_flow (
    notice_id INTEGER PRIMARY KEY REFERENCES notice
) STRICT;
INSERT INTO notice_flow SELECT DISTINCT notice_id FROM outbox WHERE state = 'pending' AND notice_id IS NOT NULL;

CREATE TRIGGER notice_flows AFTER INSERT ON notice_event WHEN new.step IN ('started', 'resumed')
BEGIN INSERT INTO notice_flow VALUES (new.notice_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER notice_stands_still AFTER INSERT ON notice_event WHEN new.step IN ('paused', 'cancelled', 'recalled')
BEGIN DELETE FROM notice_flow WHERE notice_id = new.notice_id; END;

-- Cards that follow a notice: they go on being edited after a restart, until it is at rest.
CREATE TABLE notice_card (
    chat_id    INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    notice_id  INTEGER NOT NULL REFERENCES notice,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

-- What somebody decided of messages that did not certainly arrive: of a notice's, by state, or of a single one.
CREATE TABLE delivery_decision (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    notice_id  INTEGER REFERENCES notice,
    outbox_id  INTEGER,                    -- no reference: the message goes when its reader asks to be forgotten
    state      TEXT    NOT NULL CHECK (state IN ('failed', 'unreachable', 'uncertain')),
    decision   TEXT    NOT NULL CHECK (decision IN ('again', 'left')),
    copies     INTEGER NOT NULL,
    staff_id   INTEGER REFERENCES staff,
    at         INTEGER NOT NULL,
    CHECK ((notice_id IS NULL) <> (outbox_id IS NULL))
) STRICT;

CREATE TRIGGER delivery_decision_stays_as_written BEFORE UPDATE ON delivery_decision
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER delivery_decision_stays BEFORE DELETE ON delivery_decision BEGIN SELECT raise(ABORT, 'append-only'); END;

-- Somebody went there and told them (上门告知).
CREATE TABLE notice_visit (
    id         INTEGER PRIMARY KEY,
    notice_id  INTEGER NOT NULL REFERENCES notice,
    subject    TEXT    NOT NULL CHECK (subject IN ('member', 'beneficiary')),
    subject_id INTEGER NOT NULL,
    staff_id   INTEGER REFERENCES staff,
    at         INTEGER NOT NULL,
    UNIQUE (notice_id, subject, subject_id)
) STRICT;

CREATE TRIGGER notice_visit_stays_as_written BEFORE UPDATE ON notice_visit BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER notice_visit_stays BEFORE DELETE ON notice_visit BEGIN SELECT raise(ABORT, 'append-only'); END;

-- Topics that an account does not want. Payout and receipt messages are no topic: they always come.
CREATE TABLE topic_off (
    user_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    topic   TEXT    NOT NULL CHECK (topic IN ('general', 'fund_news')),
    PRIMARY KEY (user_id, topic)
) STRICT, WITHOUT ROWID;

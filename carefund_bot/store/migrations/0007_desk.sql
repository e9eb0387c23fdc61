-- The desk: what people brought to it, what happened to each case, what was said (sealed).

-- A case (咨询 / 投诉 / 信息变更). Its id is the number people are told. Who asked is the person on the roll that the
-- chat is bound to; somebody unknown is held by `case_chat` alone.
CREATE TABLE desk_case (
    id              INTEGER PRIMARY KEY,
    request_id      TEXT    NOT NULL UNIQUE,
    kind            TEXT    NOT NULL CHECK (kind IN ('payout_missing', 'payout_amount', 'account_change', 'phone_change',
                                                     'proxy', 'eligibility', 'pledge_problem', 'gift_problem', 'receipt',
                                                     'own_data', 'reply_to_notice', 'question', 'complaint',
                                                     'staff_complaint', 'fraud', 'distress')),
    fund            TEXT    NOT NULL,
    area            TEXT,
    subject         TEXT    CHECK (subject IN ('member', 'beneficiary', 'staff')),
    subject_id      INTEGER,
    anonymous       INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    line_id         INTEGER REFERENCES payment_line,
    contribution_id INTEGER REFERENCES contribution,
    notice_id       INTEGER REFERENCES notice,
    opened_at       INTEGER NOT NULL,
    CHECK ((subject IS NULL) = (subject_id IS NULL))
) STRICT;

-- The cases of the person who is speaking.
CREATE INDEX case_of_subject ON desk_case (subject, subject_id) WHERE subject IS NOT NULL;
-- The week's report.
CREATE INDEX case_by_time ON desk_case (opened_at);

CREATE TABLE case_event (
    id          INTEGER PRIMARY KEY,
    request_id  TEXT    NOT NULL UNIQUE,
    case_id     INTEGER NOT NULL REFERENCES desk_case,
    kind        TEXT    NOT NULL CHECK (kind IN ('opened', 'added', 'claimed', 'put_back', 'passed', 'asked_back',
                                                 'answered', 'closed', 'rated')),
    staff_id    INTEGER REFERENCES staff,  -- NULL: the asker
    to_staff_id INTEGER REFERENCES staff,
    to_desk     TEXT    CHECK (to_desk IN ('office', 'discipline')),
    rating      INTEGER CHECK (rating BETWEEN 1 AND 5),
    at          INTEGER NOT NULL,
    CHECK ((kind = 'rated') = (rating IS NOT NULL)),
    CHECK ((kind = 'passed') = (to_staff_id IS NOT NULL OR to_desk IS NOT NULL))
) STRICT;

CREATE INDEX case_event_of_case ON case_event (case_id, id);
-- The week's report.
CREATE INDEX case_event_by_time ON case_event (at);
-- A case is rated once.
CREATE UNIQUE INDEX case_rated_once ON case_event (case_id) WHERE kind = 'rated';

-- What was said with an event: words, a photo's file_id.
CREATE TABLE case_message (
    event_id INTEGER PRIMARY KEY REFERENCES case_event,
    sealed   BLOB    NOT NULL
) STRICT;

-- Where a case stands: the desk's work list. State, made from the events and written with them.
CREATE TABLE case_now (
    case_id      INTEGER PRIMARY KEY REFERENCES desk_case,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'in_hand', 'asked_back', 'answered', 'closed')),
    desk         TEXT    NOT NULL CHECK (desk IN ('office', 'discipline')),
    staff_id     INTEGER REFERENCES staff,
    due_at       INTEGER NOT NULL,
    reminded_at  INTEGER,
    escalated_at INTEGER,
    CHECK (state <> 'waiting' OR staff_id IS NULL)
) STRICT;

-- The work list, oldest due first; what is near its time or past it.
CREATE INDEX case_to_do ON case_now (due_at) WHERE state IN ('waiting', 'in_hand');

-- The chat of somebody whom no roll knows. Goes when its owner asks.
CREATE TABLE case_chat (
    case_id INTEGER PRIMARY KEY REFERENCES desk_case,
    user_id INTEGER NOT NULL
) STRICT;

CREATE INDEX case_chat_of_account ON case_chat (user_id);

-- Which message somebody replied to.
CREATE INDEX outbox_by_message ON outbox (user_id, message_id) WHERE message_id IS NOT NULL;

CREATE TRIGGER desk_case_stays_as_written BEFORE UPDATE ON desk_case BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER desk_case_stays BEFORE DELETE ON desk_case BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER case_event_stays_as_written BEFORE UPDATE ON case_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER case_event_stays BEFORE DELETE ON case_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER case_message_stays_as_written BEFORE UPDATE ON case_message BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER case_message_stays BEFORE DELETE ON case_message BEGIN SELECT raise(ABORT, 'append-only'); END;

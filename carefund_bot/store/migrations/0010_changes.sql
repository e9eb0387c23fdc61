-- Changes of account or phone, and proxies (信息变更申请, 代办人): seen in person by one, approved by another, told to
-- the old contact, in force after a cooling time. The roll itself stays the offices': the next import carries the change.

CREATE TABLE change_request (
    id             INTEGER PRIMARY KEY,
    request_id     TEXT    NOT NULL UNIQUE,
    case_id        INTEGER NOT NULL REFERENCES desk_case,
    beneficiary_id INTEGER NOT NULL REFERENCES beneficiary,
    what           TEXT    NOT NULL CHECK (what IN ('account', 'phone', 'proxy')),
    evidence       TEXT    NOT NULL CHECK (evidence IN ('own', 'guardian', 'proxy_letter')),
    sealed         BLOB    NOT NULL,  -- account, phone: the last four digits; proxy: name and matter
    until_on       TEXT,              -- proxy: the last day
    staff_id       INTEGER NOT NULL REFERENCES staff,
    at             INTEGER NOT NULL,
    CHECK ((what = 'proxy') = (until_on IS NOT NULL))
) STRICT;

CREATE INDEX change_of_case ON change_request (case_id);

CREATE TABLE change_event (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    change_id  INTEGER NOT NULL REFERENCES change_request,
    state      TEXT    NOT NULL CHECK (state IN ('approved', 'refused', 'stopped', 'in_force')),
    staff_id   INTEGER REFERENCES staff,  -- NULL: stopped by the household, or in force by the clock
    at         INTEGER NOT NULL,
    UNIQUE (change_id, state),
    CHECK ((state IN ('approved', 'refused')) = (staff_id IS NOT NULL))
) STRICT;

CREATE TRIGGER change_moves_on BEFORE INSERT ON change_event
WHEN coalesce((SELECT state FROM change_event WHERE change_id = new.change_id ORDER BY id DESC LIMIT 1), '')
     || '>' || new.state NOT IN ('>approved', '>refused', 'approved>stopped', 'approved>in_force')
BEGIN SELECT raise(ABORT, 'no such move'); END;
CREATE TRIGGER change_has_two_hands BEFORE INSERT ON change_event
WHEN new.staff_id = (SELECT staff_id FROM change_request WHERE id = new.change_id)
BEGIN SELECT raise(ABORT, 'who saw the papers does not approve'); END;

CREATE TRIGGER change_request_stays_as_written BEFORE UPDATE ON change_request
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER change_request_stays BEFORE DELETE ON change_request BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER change_event_stays_as_written BEFORE UPDATE ON change_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER change_event_stays BEFORE DELETE ON change_event BEGIN SELECT raise(ABORT, 'append-only'); END;

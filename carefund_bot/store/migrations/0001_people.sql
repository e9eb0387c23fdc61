-- Who is who: chat partners, the staff and their rights, one-time codes, what binds a chat to a person, consent.
-- Instants (…_at) are Unix seconds, days (…_on) are ISO dates in Shanghai, money (…_fen) is whole fen.

-- What the database remembers of itself: its key's fingerprint, the instance's name.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A Telegram account that has written to the bot. State, not fact: it goes when its owner asks.
CREATE TABLE account (
    user_id       INTEGER PRIMARY KEY,
    language      TEXT    NOT NULL CHECK (language IN ('zh_CN', 'en')),
    reachability  TEXT    NOT NULL DEFAULT 'reachable' CHECK (reachability IN ('reachable', 'blocked', 'gone')),
    first_seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
    id         INTEGER PRIMARY KEY,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A role inside a scope; NULL leaves that side of the scope open.
CREATE TABLE staff_right (
    id         INTEGER PRIMARY KEY,
    staff_id   INTEGER NOT NULL REFERENCES staff,
    role       TEXT    NOT NULL CHECK (role IN ('maker', 'checker', 'releaser', 'notice_editor', 'auditor',
                                                'discipline', 'administrator', 'collector')),
    fund       TEXT,
    area       TEXT,
    branch_id  INTEGER REFERENCES party_branch,
    granted_by INTEGER REFERENCES staff,
    granted_at INTEGER NOT NULL
) STRICT;

-- Rights of the person who is speaking.
CREATE INDEX staff_right_of_staff ON staff_right (staff_id);

CREATE TABLE staff_right_end (
    right_id INTEGER PRIMARY KEY REFERENCES staff_right,
    ended_by INTEGER REFERENCES staff,
    ended_at INTEGER NOT NULL
) STRICT;

-- subject: what a code or a link stands for. subject_id points into member, beneficiary or staff.
CREATE TABLE link_code (
    id         INTEGER PRIMARY KEY,
    digest     BLOB    NOT NULL UNIQUE,
    subject    TEXT    NOT NULL CHECK (subject IN ('member', 'beneficiary', 'staff')),
    subject_id INTEGER NOT NULL,
    issued_by  INTEGER REFERENCES staff,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT;

-- The live codes of one person, to revoke them when a new one is issued.
CREATE INDEX live_code_of_subject ON link_code (subject, subject_id) WHERE used_at IS NULL AND revoked_at IS NULL;

-- Wrong codes, counted per account and overall; rows older than the longest window are dropped.
CREATE TABLE link_failure (
    user_id INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX link_failure_by_account ON link_failure (user_id, at);
CREATE INDEX link_failure_by_time ON link_failure (at);

-- The binding of a chat to a person (账号绑定). Deleted at unbinding; the audit event stays.
CREATE TABLE link (
    user_id    INTEGER NOT NULL REFERENCES account,
    subject    TEXT    NOT NULL CHECK (subject IN ('member', 'beneficiary', 'staff')),
    subject_id INTEGER NOT NULL,
    code_id    INTEGER REFERENCES link_code,
    linked_at  INTEGER NOT NULL,
    PRIMARY KEY (user_id, subject, subject_id)
) STRICT, WITHOUT ROWID;

-- One chat per person: who is reached when a fact concerns them.
CREATE UNIQUE INDEX link_of_subject ON link (subject, subject_id);

-- One member and one clerk per chat; several households are possible.
CREATE UNIQUE INDEX one_member_per_account ON link (user_id, subject) WHERE subject IN ('member', 'staff');

CREATE TABLE consent (
    id           INTEGER PRIMARY KEY,
    subject      TEXT    NOT NULL CHECK (subject IN ('member', 'beneficiary', 'staff')),
    subject_id   INTEGER NOT NULL,
    purpose      TEXT    NOT NULL,
    text_version TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    given_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX consent_of_subject ON consent (subject, subject_id);

CREATE TABLE consent_end (
    consent_id INTEGER PRIMARY KEY REFERENCES consent,
    channel    TEXT    NOT NULL,
    ended_at   INTEGER NOT NULL
) STRICT;

-- Who did what to what, when. `facts` is JSON without personal data.
CREATE TABLE audit_event (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    staff_id   INTEGER REFERENCES staff,
    act        TEXT    NOT NULL,
    subject    TEXT,
    subject_id INTEGER,
    facts      TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(facts))
) STRICT;

CREATE TRIGGER audit_event_stays_as_written BEFORE UPDATE ON audit_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER consent_stays_as_written BEFORE UPDATE ON consent BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER consent_stays BEFORE DELETE ON consent BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER consent_end_stays_as_written BEFORE UPDATE ON consent_end BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER consent_end_stays BEFORE DELETE ON consent_end BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER staff_right_stays_as_written BEFORE UPDATE ON staff_right BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER staff_right_stays BEFORE DELETE ON staff_right BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER staff_right_end_stays_as_written BEFORE UPDATE ON staff_right_end BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER staff_right_end_stays BEFORE DELETE ON staff_right_end BEGIN SELECT raise(ABORT, 'append-only'); END;

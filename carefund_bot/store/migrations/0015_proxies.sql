-- Proxies (代办人): what a mandate covers and whose it is, its one-time codes, the chat it is bound to, its end (R50).
-- The mandate itself is a change_request of the kind 'proxy', with its last day, its evidence and its two hands.

CREATE TABLE proxy_mandate (
    change_id    INTEGER PRIMARY KEY REFERENCES change_request,
    scope        TEXT    NOT NULL CHECK (scope = 'payout_status'),  -- sees where the money is, nothing else
    from_on      TEXT    NOT NULL,
    person_print BLOB    NOT NULL  -- keyed print of name and the identity number's last four places
) STRICT;

-- For how many households one person stands.
CREATE INDEX mandate_of_person ON proxy_mandate (person_print);

CREATE TABLE proxy_end (
    change_id  INTEGER PRIMARY KEY REFERENCES proxy_mandate,
    request_id TEXT    NOT NULL UNIQUE,
    ended_by   TEXT    NOT NULL CHECK (ended_by IN ('household', 'office', 'time')),
    staff_id   INTEGER REFERENCES staff,
    at         INTEGER NOT NULL,
    CHECK ((ended_by = 'office') = (staff_id IS NOT NULL))
) STRICT;

CREATE TABLE proxy_code (
    id         INTEGER PRIMARY KEY,
    digest     BLOB    NOT NULL UNIQUE,
    change_id  INTEGER NOT NULL REFERENCES proxy_mandate,
    issued_by  INTEGER REFERENCES staff,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT;

-- A mandate's live codes, to revoke them when a new one is issued.
CREATE INDEX proxy_code_of_mandate ON proxy_code (change_id) WHERE used_at IS NULL AND revoked_at IS NULL;

-- The chat of a mandate. Goes when the mandate ends, or when the proxy lets go.
CREATE TABLE proxy_link (
    change_id INTEGER PRIMARY KEY REFERENCES proxy_mandate,
    user_id   INTEGER NOT NULL REFERENCES account,
    code_id   INTEGER NOT NULL REFERENCES proxy_code,
    linked_at INTEGER NOT NULL
) STRICT;

-- What the chat that is speaking stands for.
CREATE INDEX proxy_link_of_account ON proxy_link (user_id);

CREATE TRIGGER proxy_mandate_stays_as_written BEFORE UPDATE ON proxy_mandate
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER proxy_mandate_stays BEFORE DELETE ON proxy_mandate BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER proxy_end_stays_as_written BEFORE UPDATE ON proxy_end BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER proxy_end_stays BEFORE DELETE ON proxy_end BEGIN SELECT raise(ABORT, 'append-only'); END;

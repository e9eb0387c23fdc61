-- Giving: promises, money, corrections. Sums are derived, never stored.

-- A pledge (认捐): open-ended with a sum each time, or a number of times with a total. Promises are not money.
CREATE TABLE pledge (
    id           INTEGER PRIMARY KEY,
    request_id   TEXT    NOT NULL UNIQUE,
    member_id    INTEGER NOT NULL REFERENCES member,
    fund         TEXT    NOT NULL,
    rhythm       TEXT    NOT NULL CHECK (rhythm IN ('once', 'monthly', 'quarterly', 'yearly')),
    each_fen     INTEGER CHECK (each_fen > 0),
    times        INTEGER CHECK (times BETWEEN 1 AND 600),
    total_fen    INTEGER CHECK (total_fen >= times),
    first_due_on TEXT    NOT NULL,
    replaces_id  INTEGER UNIQUE REFERENCES pledge,
    made_at      INTEGER NOT NULL,
    CHECK ((each_fen IS NULL) <> (total_fen IS NULL)),
    CHECK ((times IS NULL) = (total_fen IS NULL)),
    CHECK (rhythm <> 'once' OR times = 1)
) STRICT;

-- The pledges of the member who is speaking.
CREATE INDEX pledge_of_member ON pledge (member_id);

CREATE TABLE pledge_event (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    pledge_id  INTEGER NOT NULL REFERENCES pledge,
    kind       TEXT    NOT NULL CHECK (kind IN ('paused', 'resumed', 'ended', 'released', 'replaced')),
    from_on    TEXT    NOT NULL,  -- the day it takes effect
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX pledge_event_of_pledge ON pledge_event (pledge_id, id);
-- A pledge ends once, in whichever way.
CREATE UNIQUE INDEX pledge_ends_once ON pledge_event (pledge_id) WHERE kind IN ('ended', 'released', 'replaced');

-- A branch's remittance list, or a single entry by staff.
CREATE TABLE remittance (
    id          INTEGER PRIMARY KEY,
    request_id  TEXT    NOT NULL UNIQUE,
    fund        TEXT,              -- NULL: a list that holds several funds
    file_digest BLOB    UNIQUE,    -- NULL: entered by hand
    file_name   TEXT,
    staff_id    INTEGER REFERENCES staff,
    recorded_at INTEGER NOT NULL
) STRICT;

-- Confirmed money (捐款到账). `donor_kind` fiscal = 财政扶持.
CREATE TABLE contribution (
    id            INTEGER PRIMARY KEY,
    reference     TEXT    NOT NULL UNIQUE,  -- what makes it this payment and no other: list and row, or bank serial
    remittance_id INTEGER REFERENCES remittance,
    fund          TEXT    NOT NULL,
    campaign_year INTEGER NOT NULL,
    donor_kind    TEXT    NOT NULL CHECK (donor_kind IN ('member', 'other', 'enterprise', 'fiscal')),
    member_id     INTEGER REFERENCES member,
    amount_fen    INTEGER NOT NULL CHECK (amount_fen > 0),
    channel       TEXT    NOT NULL CHECK (channel IN ('cash', 'bank', 'other')),
    received_on   TEXT    NOT NULL,
    remitted_on   TEXT,
    collector_id  INTEGER REFERENCES staff,
    anonymous     INTEGER NOT NULL DEFAULT 1 CHECK (anonymous IN (0, 1)),
    purpose_limit TEXT,
    receipt_state TEXT    NOT NULL DEFAULT 'none' CHECK (receipt_state IN ('none', 'requested', 'waived')),
    recorded_at   INTEGER NOT NULL,
    CHECK ((donor_kind = 'member') = (member_id IS NOT NULL))
) STRICT;

-- What one list or one entry recorded.
CREATE INDEX contribution_of_remittance ON contribution (remittance_id) WHERE remittance_id IS NOT NULL;
-- A member's gifts and their yearly sums, answered from the index alone.
CREATE INDEX contribution_of_member ON contribution (member_id, campaign_year, received_on, amount_fen)
WHERE member_id IS NOT NULL;
-- Public figures by year and fund.
CREATE INDEX contribution_by_year ON contribution (campaign_year, fund, donor_kind, amount_fen);

-- A correction (冲正): points to what it takes back and says why.
CREATE TABLE contribution_reversal (
    contribution_id INTEGER PRIMARY KEY REFERENCES contribution,
    request_id      TEXT    NOT NULL UNIQUE,
    reason          TEXT    NOT NULL,
    staff_id        INTEGER REFERENCES staff,
    at              INTEGER NOT NULL
) STRICT;

-- Principal (本金) by fund and source; a transfer out is negative.
CREATE TABLE principal_entry (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    fund       TEXT    NOT NULL,
    source     TEXT    NOT NULL CHECK (source IN ('fiscal', 'member', 'enterprise', 'transfer')),
    amount_fen INTEGER NOT NULL CHECK (amount_fen <> 0),
    booked_on  TEXT    NOT NULL
) STRICT;

CREATE TRIGGER pledge_stays_as_written BEFORE UPDATE ON pledge BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER pledge_stays BEFORE DELETE ON pledge BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER pledge_event_stays_as_written BEFORE UPDATE ON pledge_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER pledge_event_stays BEFORE DELETE ON pledge_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER remittance_stays_as_written BEFORE UPDATE ON remittance BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER remittance_stays BEFORE DELETE ON remittance BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER contribution_stays_as_written BEFORE UPDATE ON contribution BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER contribution_stays BEFORE DELETE ON contribution BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER contribution_reversal_stays_as_written BEFORE UPDATE ON contribution_reversal
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER contribution_reversal_stays BEFORE DELETE ON contribution_reversal
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER principal_entry_stays_as_written BEFORE UPDATE ON principal_entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER principal_entry_stays BEFORE DELETE ON principal_entry BEGIN SELECT raise(ABORT, 'append-only'); END;

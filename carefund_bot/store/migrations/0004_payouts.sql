-- Payouts: a batch of lines, what happened to the batch, what happened to a line. A line's state is its newest own
-- event, and where it has none, its batch's.

CREATE TABLE batch (
    id          INTEGER PRIMARY KEY,
    request_id  TEXT    NOT NULL UNIQUE,
    fund        TEXT    NOT NULL,
    programme   TEXT    NOT NULL CHECK (programme IN ('household', 'student')),
    cycle_year  INTEGER NOT NULL,
    purpose     TEXT    NOT NULL,
    expected_on TEXT    NOT NULL,  -- planned day of payment; households: before 1 July
    staff_id    INTEGER REFERENCES staff,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX batch_of_cycle ON batch (cycle_year, fund, programme);

-- The batch on its way: planned -> approved -> instructed (sent to the bank) -> paid, or voided before that.
CREATE TABLE batch_event (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    batch_id   INTEGER NOT NULL REFERENCES batch,
    state      TEXT    NOT NULL CHECK (state IN ('planned', 'approved', 'instructed', 'paid', 'voided')),
    staff_id   INTEGER REFERENCES staff,
    on_day     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    UNIQUE (batch_id, state)
) STRICT;

-- A step is neither skipped nor taken back, and maker, checker and releaser are three different people, always.
CREATE TRIGGER batch_moves_on BEFORE INSERT ON batch_event
WHEN coalesce((SELECT state FROM batch_event WHERE batch_id = new.batch_id ORDER BY id DESC LIMIT 1), '')
     || '>' || new.state NOT IN ('>planned', 'planned>approved', 'planned>voided', 'approved>instructed',
                                 'approved>voided', 'instructed>paid')
BEGIN SELECT raise(ABORT, 'no such move'); END;
CREATE TRIGGER three_hands BEFORE INSERT ON batch_event
WHEN new.state IN ('planned', 'approved', 'instructed') AND (
    new.staff_id IS NULL
    OR EXISTS (SELECT 1 FROM batch_event AS other
                WHERE other.batch_id = new.batch_id AND other.state IN ('planned', 'approved', 'instructed')
                  AND other.staff_id = new.staff_id)
)
BEGIN SELECT raise(ABORT, 'maker, checker and releaser are three different people'); END;

-- One payee in one batch (发放明细): a snapshot of sum and account.
CREATE TABLE payment_line (
    id             INTEGER PRIMARY KEY,
    batch_id       INTEGER NOT NULL REFERENCES batch,
    beneficiary_id INTEGER NOT NULL REFERENCES beneficiary,
    cycle_year     INTEGER NOT NULL,
    purpose        TEXT    NOT NULL,
    amount_fen     INTEGER NOT NULL CHECK (amount_fen > 0),
    sealed         BLOB    NOT NULL,  -- payee's name, bank, card as they were
    UNIQUE (batch_id, beneficiary_id)
) STRICT;

-- A batch's count and sum, answered from the index alone.
CREATE INDEX line_of_batch ON payment_line (batch_id, amount_fen);
-- A household's lines, newest cycle first.
CREATE INDEX line_of_beneficiary ON payment_line (beneficiary_id, cycle_year);

CREATE TABLE payment_event (
    id         INTEGER PRIMARY KEY,
    request_id TEXT    NOT NULL UNIQUE,
    line_id    INTEGER NOT NULL REFERENCES payment_line,
    state      TEXT    NOT NULL CHECK (state IN ('paid', 'returned', 'corrected', 're_instructed', 'cancelled',
                                                 'recovered')),
    reason     TEXT,
    staff_id   INTEGER REFERENCES staff,
    on_day     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    sealed     BLOB,  -- corrected: the account as it is now
    CHECK ((state = 'returned') <= (reason IS NOT NULL)),
    CHECK (sealed IS NULL OR state = 'corrected')
) STRICT;

CREATE INDEX payment_event_of_line ON payment_event (line_id, id);

CREATE TRIGGER batch_stays_as_written BEFORE UPDATE ON batch BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER batch_stays BEFORE DELETE ON batch BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER batch_event_stays_as_written BEFORE UPDATE ON batch_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER batch_event_stays BEFORE DELETE ON batch_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER payment_line_stays_as_written BEFORE UPDATE ON payment_line BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER payment_line_stays BEFORE DELETE ON payment_line BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER payment_event_stays_as_written BEFORE UPDATE ON payment_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER payment_event_stays BEFORE DELETE ON payment_event BEGIN SELECT raise(ABORT, 'append-only'); END;

-- One live line per beneficiary, cycle and purpose, across all batches that are not voided (the table keeps history).
CREATE TRIGGER one_live_line BEFORE INSERT ON payment_line
WHEN EXISTS (
    SELECT 1 FROM payment_line AS other
    WHERE other.beneficiary_id = new.beneficiary_id AND other.cycle_year = new.cycle_year
      AND other.purpose = new.purpose
      AND NOT EXISTS (SELECT 1 FROM batch_event WHERE batch_id = other.batch_id AND state = 'voided')
      AND coalesce((SELECT state FROM payment_event WHERE line_id = other.id ORDER BY id DESC LIMIT 1), '') <> 'cancelled'
)
BEGIN SELECT raise(ABORT, 'this beneficiary already has a live line in this cycle'); END;

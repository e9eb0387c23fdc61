-- Rolls: a person is known by a number; what a roll says of them is a version under the import that said it.
-- An import's versions are staged in small commits and become the roll by one small act: its state turns 'applied'.
-- The roll today is each person's newest applied version; the roll on a past day is the same with a bound on applied_at.

CREATE TABLE party_branch (
    id        INTEGER PRIMARY KEY,
    fund      TEXT NOT NULL,
    area      TEXT NOT NULL,
    committee TEXT NOT NULL,
    name      TEXT NOT NULL,
    UNIQUE (fund, area, committee, name)
) STRICT;

CREATE TABLE roll_import (
    id          INTEGER PRIMARY KEY,
    kind        TEXT    NOT NULL CHECK (kind IN ('members', 'households', 'students')),
    state       TEXT    NOT NULL CHECK (state IN ('staging', 'staged', 'applied', 'refused', 'cancelled')),
    file_name   TEXT    NOT NULL,
    file_digest BLOB    NOT NULL,
    based_on    INTEGER NOT NULL,          -- newest applied import of the same kind when this one was compared; 0 = none
    staff_id    INTEGER REFERENCES staff,  -- NULL: the operator's command line
    counts      TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),
    started_at  INTEGER NOT NULL,
    applied_at  INTEGER
) STRICT;

-- Newest applied import of a kind; the same file again.
CREATE INDEX applied_import ON roll_import (kind, id) WHERE state = 'applied';

CREATE TABLE member (
    id     INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE member_version (
    member_id     INTEGER NOT NULL REFERENCES member,
    import_id     INTEGER NOT NULL REFERENCES roll_import,
    standing      TEXT    NOT NULL CHECK (standing IN ('on_roll', 'left')),
    fund          TEXT    NOT NULL,
    branch_id     INTEGER NOT NULL REFERENCES party_branch,
    content_print BLOB    NOT NULL,  -- keyed print of the whole row: equal print = unchanged
    sealed        BLOB    NOT NULL,  -- name, phone
    PRIMARY KEY (member_id, import_id)
) STRICT, WITHOUT ROWID;

-- Drop or count an import's own versions.
CREATE INDEX member_version_of_import ON member_version (import_id, standing);

-- A household or a student: whoever is paid.
CREATE TABLE beneficiary (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('household', 'student')),
    number TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE beneficiary_version (
    beneficiary_id INTEGER NOT NULL REFERENCES beneficiary,
    import_id      INTEGER NOT NULL REFERENCES roll_import,
    standing       TEXT    NOT NULL CHECK (standing IN ('on_roll', 'left')),
    fund           TEXT    NOT NULL,
    area           TEXT    NOT NULL,
    town           TEXT    NOT NULL,
    community      TEXT    NOT NULL,
    source         TEXT    NOT NULL,  -- the office whose list this is
    determined_on  TEXT    NOT NULL,
    identity_print BLOB    NOT NULL,
    card_print     BLOB    NOT NULL,
    content_print  BLOB    NOT NULL,
    sealed         BLOB    NOT NULL,  -- name, identity number, category, size, school, bank, card, phone
    PRIMARY KEY (beneficiary_id, import_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX beneficiary_version_of_import ON beneficiary_version (import_id, standing);
-- The same person or the same account under another number.
CREATE INDEX beneficiary_by_identity ON beneficiary_version (identity_print);
CREATE INDEX beneficiary_by_card ON beneficiary_version (card_print);

CREATE TRIGGER member_version_stays_as_written BEFORE UPDATE ON member_version BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER member_version_stays BEFORE DELETE ON member_version
WHEN (SELECT state FROM roll_import WHERE id = old.import_id) = 'applied'
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER beneficiary_version_stays_as_written BEFORE UPDATE ON beneficiary_version
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER beneficiary_version_stays BEFORE DELETE ON beneficiary_version
WHEN (SELECT state FROM roll_import WHERE id = old.import_id) = 'applied'
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER applied_import_stays BEFORE UPDATE ON roll_import WHEN old.state IN ('applied', 'refused', 'cancelled')
BEGIN SELECT raise(ABORT, 'an ended import does not change'); END;
CREATE TRIGGER applied_import_is_kept BEFORE DELETE ON roll_import BEGIN SELECT raise(ABORT, 'append-only'); END;

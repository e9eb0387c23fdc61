-- Somebody who was linked after a notice went out has asked for it and read it in the chat. By the person on the roll
-- that the notice was for, not by the account: that goes when its owner asks. One row each time it was shown.
CREATE TABLE notice_reading (
    id         INTEGER PRIMARY KEY,
    notice_id  INTEGER NOT NULL REFERENCES notice,
    subject    TEXT    NOT NULL CHECK (subject IN ('member', 'beneficiary')),
    subject_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,  -- where it stands in the chat: words that reply to it become a case
    at         INTEGER NOT NULL
) STRICT;

-- Whether somebody has read a notice; which notice somebody replies to.
CREATE INDEX notice_reading_of_subject ON notice_reading (subject, subject_id, notice_id);
-- The notices of the last weeks.
CREATE INDEX notice_start ON notice_event (at) WHERE step = 'started';

CREATE TRIGGER notice_reading_stays_as_written BEFORE UPDATE ON notice_reading
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER notice_reading_stays BEFORE DELETE ON notice_reading BEGIN SELECT raise(ABORT, 'append-only'); END;

-- The database itself keeps what the services promise of a batch's lines, of one-time codes, and of who is who.

-- What was planned is what is checked and handed to the bank: a batch's lines are there before its first step, and
-- none comes after. So whoever approves approves exactly these lines.
CREATE TRIGGER lines_before_steps BEFORE INSERT ON payment_line
WHEN EXISTS (SELECT 1 FROM batch_event WHERE batch_id = new.batch_id)
BEGIN SELECT raise(ABORT, 'a batch that was planned takes no more lines'); END;
-- The year and the purpose by which nobody is paid twice are the batch's own.
CREATE TRIGGER line_fits_its_batch BEFORE INSERT ON payment_line
WHEN NOT EXISTS (SELECT 1 FROM batch
                  WHERE id = new.batch_id AND cycle_year = new.cycle_year AND purpose = new.purpose)
BEGIN SELECT raise(ABORT, 'year and purpose of a line are those of its batch'); END;

-- A line moves from where it stands: its newest own event, or where it has none, its batch's.
CREATE TRIGGER line_moves_on BEFORE INSERT ON payment_event
WHEN (SELECT CASE
                 WHEN batch.state = 'voided' THEN 'cancelled'
                 WHEN own.state IS NOT NULL THEN own.state
                 WHEN batch.state IN ('planned', 'approved') THEN 'planned'
                 ELSE coalesce(batch.state, '')
             END
        FROM (SELECT (SELECT state FROM batch_event
                       WHERE batch_id = (SELECT batch_id FROM payment_line WHERE id = new.line_id)
                       ORDER BY id DESC LIMIT 1) AS state) AS batch,
             (SELECT (SELECT state FROM payment_event WHERE line_id = new.line_id ORDER BY id DESC LIMIT 1) AS state) AS own)
     || '>' || new.state NOT IN (
    'planned>cancelled', 'instructed>paid', 'instructed>returned', 'paid>returned', 'paid>recovered',
    'returned>corrected', 'returned>cancelled', 'corrected>re_instructed', 'corrected>cancelled',
    're_instructed>paid', 're_instructed>returned')
BEGIN SELECT raise(ABORT, 'no such move of a line'); END;
-- Who corrected an account does not send the money there (R41, R49).
CREATE TRIGGER line_has_two_hands BEFORE INSERT ON payment_event
WHEN new.state = 're_instructed' AND (
    new.staff_id IS NULL
    OR new.staff_id IS (SELECT staff_id FROM payment_event WHERE line_id = new.line_id ORDER BY id DESC LIMIT 1))
BEGIN SELECT raise(ABORT, 'who corrected a line does not send it again'); END;

-- A code that was used or revoked is over for good, and it never comes to stand for somebody else.
CREATE TRIGGER code_works_once BEFORE UPDATE ON link_code
WHEN old.used_at IS NOT NULL OR old.revoked_at IS NOT NULL
     OR (old.digest, old.subject, old.subject_id) <> (new.digest, new.subject, new.subject_id)
BEGIN SELECT raise(ABORT, 'a code works once, for one person'); END;

-- A number stands for the same person as long as there are books.
CREATE TRIGGER member_stays_who_it_is BEFORE UPDATE ON member
BEGIN SELECT raise(ABORT, 'a number stands for one person'); END;
CREATE TRIGGER beneficiary_stays_who_it_is BEFORE UPDATE ON beneficiary
BEGIN SELECT raise(ABORT, 'a number stands for one person'); END;

-- Compile, review, approve and pay are four hands (R41): who handed money to the bank does not record what came of it.

CREATE TRIGGER batch_has_a_fourth_hand BEFORE INSERT ON batch_event
WHEN new.state = 'paid' AND (
    new.staff_id IS NULL
    OR new.staff_id IS (SELECT staff_id FROM batch_event WHERE batch_id = new.batch_id AND state = 'instructed'))
BEGIN SELECT raise(ABORT, 'who released a batch does not record it as paid'); END;
-- A line was handed over when it was last sent again, or with its batch.
CREATE TRIGGER line_has_a_fourth_hand BEFORE INSERT ON payment_event
WHEN new.state IN ('paid', 'returned', 'recovered') AND (
    new.staff_id IS NULL
    OR new.staff_id IS coalesce(
        (SELECT staff_id FROM payment_event
          WHERE line_id = new.line_id AND state = 're_instructed' ORDER BY id DESC LIMIT 1),
        (SELECT staff_id FROM batch_event
          WHERE batch_id = (SELECT batch_id FROM payment_line WHERE id = new.line_id) AND state = 'instructed')))
BEGIN SELECT raise(ABORT, 'who sent a line to the bank does not record what came of it'); END;

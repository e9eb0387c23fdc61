-- A notice that waits for a person may be given a time again: its own, if that is still to come, or a new one. And what
-- waits for somebody is found without looking through what waits for all.

-- scheduled: when it goes instead of at the time it was written with.
ALTER TABLE notice_event ADD COLUMN due_at INTEGER CHECK (due_at IS NULL OR step = 'scheduled');

DROP TRIGGER notice_moves_on;
CREATE TRIGGER notice_moves_on BEFORE INSERT ON notice_event
WHEN coalesce((SELECT step FROM notice_event WHERE notice_id = new.notice_id ORDER BY id DESC LIMIT 1), '')
     || '>' || new.step NOT IN (
    '>submitted', '>scheduled', '>started',
    'submitted>confirmed', 'submitted>cancelled', 'confirmed>scheduled', 'confirmed>started',
    'scheduled>started', 'scheduled>overdue', 'scheduled>submitted', 'scheduled>cancelled',
    'overdue>started', 'overdue>submitted', 'overdue>scheduled', 'overdue>cancelled',
    'started>paused', 'started>cancelled', 'started>recalled',
    'paused>resumed', 'paused>cancelled', 'paused>recalled',
    'resumed>paused', 'resumed>cancelled', 'resumed>recalled', 'cancelled>recalled')
BEGIN SELECT raise(ABORT, 'no such step'); END;

-- What waits for somebody, when the chat lets go of them. A notice's copies are about nobody: queueing them costs nothing.
CREATE INDEX outbox_about ON outbox (user_id, subject, subject_id) WHERE state = 'pending' AND subject IS NOT NULL;

DROP TRIGGER letters_end_with_the_binding;
CREATE TRIGGER letters_end_with_the_binding AFTER DELETE ON link BEGIN
    UPDATE outbox SET state = 'cancelled', reason = 'let_go', facts = x''
     WHERE state = 'pending' AND user_id = old.user_id AND subject = old.subject AND subject_id = old.subject_id;
    UPDATE outbox SET reason = 'left', facts = x''
     WHERE state = 'uncertain' AND notice_id IS NULL -- names the index of what staff have to decide on
       AND user_id = old.user_id AND subject = old.subject AND subject_id = old.subject_id;
END;

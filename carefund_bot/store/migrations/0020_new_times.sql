-- A notice that waits for a person may be given a time again: its own, if that is still to come, or a new one.

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

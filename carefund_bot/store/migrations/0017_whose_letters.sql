-- Whom a waiting message is about: it goes to a chat only while that chat is the person's.

ALTER TABLE outbox ADD COLUMN subject TEXT CHECK (subject IN ('member', 'beneficiary', 'staff'));
ALTER TABLE outbox ADD COLUMN subject_id INTEGER;

CREATE TRIGGER letters_end_with_the_binding AFTER DELETE ON link BEGIN
    UPDATE outbox SET state = 'cancelled', reason = 'let_go', facts = x''
     WHERE state IN ('pending', 'sending') AND state = 'pending' -- the first half names the partial index
       AND user_id = old.user_id AND subject = old.subject AND subject_id = old.subject_id;
    UPDATE outbox SET reason = 'left', facts = x''
     WHERE state = 'uncertain' AND notice_id IS NULL -- names the index of what staff have to decide on
       AND user_id = old.user_id AND subject = old.subject AND subject_id = old.subject_id;
END;

-- A colleague's chat opens once a second person has said that it is theirs: one word on each code that bound a chat.

CREATE TABLE staff_word (
    code_id   INTEGER PRIMARY KEY REFERENCES link_code,
    is_theirs INTEGER NOT NULL CHECK (is_theirs IN (0, 1)),
    said_by   INTEGER REFERENCES staff,  -- NULL: the operator
    said_at   INTEGER NOT NULL
) STRICT;

-- Chats that were bound before there was a second person stay open.
INSERT INTO staff_word
SELECT code_id, 1, NULL, linked_at FROM link WHERE subject = 'staff' AND code_id IS NOT NULL;

CREATE TRIGGER staff_word_stays_as_written BEFORE UPDATE ON staff_word
BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER staff_word_stays BEFORE DELETE ON staff_word
BEGIN SELECT raise(ABORT, 'append-only'); END;

-- Neither who gave the code or the rights nor whose chat it is, and nobody who has no such office.
CREATE TRIGGER nobody_alone_makes_colleagues BEFORE INSERT ON staff_word
WHEN NOT EXISTS (SELECT 1 FROM link_code WHERE id = new.code_id AND subject = 'staff' AND used_at IS NOT NULL)
  OR (new.said_by IS NOT NULL AND (
         EXISTS (SELECT 1 FROM link_code
                  WHERE id = new.code_id AND new.said_by IN (issued_by, subject_id))
      OR EXISTS (SELECT 1 FROM link_code
                   JOIN staff_right ON staff_right.staff_id = link_code.subject_id
                  WHERE link_code.id = new.code_id AND staff_right.granted_by = new.said_by
                    AND NOT EXISTS (SELECT 1 FROM staff_right_end WHERE right_id = staff_right.id))
      OR NOT EXISTS (SELECT 1 FROM staff_right
                      WHERE staff_id = new.said_by AND role IN ('administrator', 'auditor')
                        AND NOT EXISTS (SELECT 1 FROM staff_right_end WHERE right_id = staff_right.id))))
BEGIN SELECT raise(ABORT, 'a colleague is confirmed by a second person'); END;

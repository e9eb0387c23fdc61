-- The one-use id of the button that makes the other language this chat's own, and when it was last shown.

ALTER TABLE account ADD COLUMN language_offer TEXT;
ALTER TABLE account ADD COLUMN language_offered_at INTEGER;

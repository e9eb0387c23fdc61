-- Why somebody is no longer on the roll (退出): who left is a version, on which day is its import's applied_at, and the
-- reason is of the import as a whole, since a list is what makes people leave. NULL: this import let nobody leave.

ALTER TABLE roll_import ADD COLUMN exit_reason TEXT CHECK (exit_reason IN ('not_on_list'));

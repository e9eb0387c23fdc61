-- A proxy's code keeps the same promise as everybody's (0016): once used or revoked it is over for good.
CREATE TRIGGER proxy_code_works_once BEFORE UPDATE ON proxy_code
WHEN old.used_at IS NOT NULL OR old.revoked_at IS NOT NULL OR (old.digest, old.change_id) <> (new.digest, new.change_id)
BEGIN SELECT raise(ABORT, 'a code works once, for one mandate'); END;

-- Every card of a notice counts where it was looked up and can still be taken away.
CREATE INDEX notice_reading_of_notice ON notice_reading (notice_id, at);

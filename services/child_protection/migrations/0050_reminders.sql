-- When the service reminds the agency of its report; NULL when it does not.
ALTER TABLE conference_invitations ADD COLUMN remind_at DATETIME(6) NULL, ADD KEY remind (remind_at);

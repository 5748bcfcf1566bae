-- The step of a test plan that a token was made for; null for every other. A
-- unit that is tested before it goes out gets tokens that nobody paid for.
ALTER TABLE token ADD COLUMN test TEXT CHECK (test <> '' AND length(test) <= 8 AND test NOT GLOB '*[^A-Z0-9]*');

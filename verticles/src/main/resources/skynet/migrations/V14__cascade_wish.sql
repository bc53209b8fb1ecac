-- How an answer was wished for, as a record of the bus: whoever takes it over answers in the same way.
ALTER TABLE cascade.answer
    ADD COLUMN wish bytea,
    ADD COLUMN live boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT answer_question_check,
    ADD CONSTRAINT answer_question_check CHECK (length(question) BETWEEN 1 AND 100000);

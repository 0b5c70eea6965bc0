"""The guards of the ledger and its one function: what 0001_ledger runs. See docs/ledger.md."""

GUARDS = """
-- Settings of storage: every posting updates two of these rows. With free space on the page the new
-- version lies beside the old one and no index is touched.
ALTER TABLE ledger_account SET (fillfactor = 60);

-- Both sides of a posting have its currency: mixing is impossible, not merely checked.
ALTER TABLE ledger_posting
    ADD CONSTRAINT ledger_debit_currency FOREIGN KEY (debit_id, currency)
        REFERENCES ledger_account (id, currency),
    ADD CONSTRAINT ledger_credit_currency FOREIGN KEY (credit_id, currency)
        REFERENCES ledger_account (id, currency);
ALTER TABLE ledger_journal ADD CONSTRAINT ledger_key_length CHECK (length(key) >= 3);

CREATE VIEW ledger_entry AS
    SELECT id * 2 AS id, debit_id AS account_id, debit_seq AS seq, id AS posting_id,
           journal_id, -amount AS amount, debit_after AS balance_after
    FROM ledger_posting
    UNION ALL
    SELECT id * 2 + 1, credit_id, credit_seq, id, journal_id, amount, credit_after
    FROM ledger_posting;

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'ledger: % of % is refused (%)', TG_OP, TG_TABLE_NAME, TG_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$body$;

-- History is written once.
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_deleted BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

-- Accounts are born empty, stay what they are, and only postings move their balance.
CREATE TRIGGER ledger_born_empty BEFORE INSERT ON ledger_account
    FOR EACH ROW WHEN (
        NEW.balance <> 0 OR NEW.seq <> 0 OR NEW.status <> 'open' OR NEW.currency !~ '^[A-Z]{3}$'
    )
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_identity_fixed
    BEFORE UPDATE OF id, code, pool, kind, currency, owner_id, floor_zero, tracked ON ledger_account
    FOR EACH ROW WHEN (
        (OLD.id, OLD.code, OLD.pool, OLD.kind, OLD.currency, OLD.owner_id, OLD.floor_zero, OLD.tracked)
        IS DISTINCT FROM
        (NEW.id, NEW.code, NEW.pool, NEW.kind, NEW.currency, NEW.owner_id, NEW.floor_zero, NEW.tracked)
    ) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_moved_by_postings BEFORE UPDATE OF balance, seq ON ledger_account
    FOR EACH ROW WHEN (
        pg_trigger_depth() = 0 AND (OLD.balance <> NEW.balance OR OLD.seq <> NEW.seq)
    ) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_closed_for_good BEFORE UPDATE OF status ON ledger_account
    FOR EACH ROW WHEN (OLD.status = 'closed' AND NEW.status <> 'closed')
    EXECUTE FUNCTION ledger_refuse();

-- A journal belongs to the transaction that makes it.
CREATE TRIGGER ledger_made_now BEFORE INSERT ON ledger_journal
    FOR EACH ROW WHEN (NEW.made_in <> pg_current_xact_id()::text::bigint)
    EXECUTE FUNCTION ledger_refuse();

CREATE FUNCTION ledger_check_journal() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_posting WHERE journal_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger: journal % has no postings', NEW.key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_not_empty';
    END IF;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER ledger_not_empty AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_journal();

-- What a journal did to each account of its readers.
CREATE FUNCTION ledger_effect(asked bigint) RETURNS TABLE (pool varchar, currency varchar, amount numeric)
LANGUAGE sql STABLE AS $body$
    SELECT a.pool, a.currency, sum(e.amount)
    FROM ledger_posting p
    CROSS JOIN LATERAL (VALUES (p.debit_id, -p.amount), (p.credit_id, p.amount)) AS e (account_id, amount)
    JOIN ledger_account a ON a.id = e.account_id
    WHERE p.journal_id = asked
    GROUP BY a.pool, a.currency
    HAVING sum(e.amount) <> 0
$body$;

CREATE FUNCTION ledger_check_reversal() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_effect(NEW.id) AS n
        FULL JOIN ledger_effect(NEW.reverses_id) AS o USING (pool, currency)
        WHERE n.amount IS DISTINCT FROM -o.amount
    ) THEN
        RAISE EXCEPTION 'ledger: journal % does not mirror %', NEW.key, NEW.reverses_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mirrors';
    END IF;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER ledger_mirrors AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
    EXECUTE FUNCTION ledger_check_reversal();

-- The only code that moves a balance. It runs when a posting is really there (a trigger that ran
-- before could be fooled by ON CONFLICT), and refuses one that does not continue the histories of
-- its accounts.
CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    made bigint;
    moved record;
    debit_seq bigint := NEW.id;
    credit_seq bigint := NEW.id;
    debit_after bigint;
    credit_after bigint;
BEGIN
    SELECT made_in INTO made FROM ledger_journal WHERE id = NEW.journal_id;
    IF made IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'ledger: journal % is closed', NEW.journal_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_closed';
    END IF;
    FOR moved IN
        UPDATE ledger_account
        SET balance = balance + CASE WHEN id = NEW.credit_id THEN NEW.amount ELSE -NEW.amount END,
            seq = seq + 1
        WHERE id IN (NEW.debit_id, NEW.credit_id) AND tracked
        RETURNING id, balance, seq, status
    LOOP
        IF moved.id = NEW.credit_id THEN
            credit_seq := moved.seq;
            credit_after := moved.balance;
        ELSE
            debit_seq := moved.seq;
            debit_after := moved.balance;
        END IF;
        IF moved.status <> 'open'
           AND (moved.status <> 'frozen_out' OR moved.id = NEW.debit_id) THEN
            RAISE EXCEPTION 'ledger: account % is %', moved.id, moved.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_frozen';
        END IF;
    END LOOP;
    IF NEW.debit_seq <> debit_seq OR NEW.credit_seq <> credit_seq
       OR NEW.debit_after IS DISTINCT FROM debit_after
       OR NEW.credit_after IS DISTINCT FROM credit_after THEN
        RAISE EXCEPTION 'ledger: posting % does not continue the history of its accounts', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_history';
    END IF;
    RETURN NULL;
END
$body$;
CREATE TRIGGER ledger_apply AFTER INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_apply();
"""

POST = """
-- The one door: tells a business fact and moves its money, in one call. Accounts come sorted by code
-- and currency, and are locked in that order, so that no two calls wait for each other in a circle.
-- Legs name accounts by their place in the list. Whatever is refused is reported, not raised, and
-- nothing was written: the caller's transaction goes on.
CREATE FUNCTION ledger_post(
    fact text, print text, what text, about text, who bigint, undoes bigint, moment timestamptz,
    codes text[], currencies text[], kinds text[], owners bigint[], floors boolean[],
    tracks boolean[], debits int[], credits int[], amounts bigint[],
    OUT journal bigint, OUT outcome text, OUT detail text
) LANGUAGE plpgsql AS $body$
DECLARE
    a record;
    known record;
    d int;
    c int;
    ids bigint[];
    balances bigint[];
    seqs bigint[];
    statuses text[];
    posting_ids bigint[];
    debit_seqs bigint[];
    debit_afters bigint[];
    credit_seqs bigint[];
    credit_afters bigint[];
BEGIN
    FOR i IN 1..cardinality(codes) LOOP
        FOR try IN 1..3 LOOP
            IF tracks[i] THEN
                SELECT id, balance, seq, status INTO a FROM ledger_account
                WHERE code = codes[i] AND currency = currencies[i] AND floor_zero = floors[i] AND tracked
                FOR NO KEY UPDATE;
            ELSE
                SELECT id, balance, seq, status INTO a FROM ledger_account
                WHERE code = codes[i] AND currency = currencies[i] AND NOT tracked;
            END IF;
            EXIT WHEN FOUND;
            IF try = 3 THEN
                RAISE EXCEPTION 'ledger: account % is of another nature', codes[i];
            END IF;
            INSERT INTO ledger_account (
                code, pool, kind, currency, owner_id, floor_zero, tracked, balance, seq, status
            ) VALUES (
                codes[i], split_part(codes[i], '#', 1), kinds[i], currencies[i], owners[i],
                floors[i], tracks[i], 0, 0, 'open'
            ) ON CONFLICT (code, currency) DO NOTHING;
        END LOOP;
        ids[i] := a.id;
        balances[i] := a.balance;
        seqs[i] := a.seq;
        statuses[i] := a.status;
    END LOOP;

    FOR k IN 1..cardinality(amounts) LOOP
        d := debits[k];
        c := credits[k];
        posting_ids[k] := nextval('ledger_posting_id_seq');
        IF statuses[d] <> 'open' THEN
            outcome := 'account_frozen';
            detail := statuses[d];
        ELSIF statuses[c] IN ('frozen', 'closed') THEN
            outcome := 'account_frozen';
            detail := statuses[c];
        ELSIF floors[d] AND balances[d] < amounts[k] THEN
            outcome := 'insufficient_funds';
            detail := codes[d];
        END IF;
        EXIT WHEN outcome IS NOT NULL;
        IF tracks[d] THEN
            balances[d] := balances[d] - amounts[k];
            seqs[d] := seqs[d] + 1;
            debit_seqs[k] := seqs[d];
            debit_afters[k] := balances[d];
        ELSE
            debit_seqs[k] := posting_ids[k];
        END IF;
        IF tracks[c] THEN
            balances[c] := balances[c] + amounts[k];
            seqs[c] := seqs[c] + 1;
            credit_seqs[k] := seqs[c];
            credit_afters[k] := balances[c];
        ELSE
            credit_seqs[k] := posting_ids[k];
        END IF;
    END LOOP;

    IF outcome IS NULL THEN
        INSERT INTO ledger_journal (
            key, fingerprint, kind, ref, reverses_id, actor_id, made_in, posted_at
        ) VALUES (
            fact, print, what, about, undoes, who, pg_current_xact_id()::text::bigint, moment
        ) ON CONFLICT (key) DO NOTHING RETURNING id INTO journal;
    END IF;
    IF journal IS NULL THEN
        -- Told before? Then it was done, whatever could be said against it now.
        SELECT id, fingerprint INTO known FROM ledger_journal WHERE key = fact;
        IF FOUND THEN
            journal := known.id;
            detail := NULL;
            outcome := CASE WHEN known.fingerprint = print THEN 'known' ELSE 'key_reused' END;
        END IF;
        RETURN;
    END IF;
    FOR k IN 1..cardinality(amounts) LOOP
        INSERT INTO ledger_posting (
            id, journal_id, debit_id, credit_id, currency, amount,
            debit_seq, debit_after, credit_seq, credit_after
        ) VALUES (
            posting_ids[k], journal, ids[debits[k]], ids[credits[k]], currencies[debits[k]],
            amounts[k], debit_seqs[k], debit_afters[k], credit_seqs[k], credit_afters[k]
        );
    END LOOP;
    outcome := 'created';
END
$body$;
"""

UNDO = """
DROP FUNCTION ledger_post(
    text, text, text, text, bigint, bigint, timestamptz, text[], text[], text[], bigint[],
    boolean[], boolean[], int[], int[], bigint[]
);
DROP VIEW ledger_entry;
DROP TRIGGER ledger_apply ON ledger_posting;
DROP TRIGGER ledger_not_empty ON ledger_journal;
DROP TRIGGER ledger_mirrors ON ledger_journal;
DROP FUNCTION ledger_apply();
DROP FUNCTION ledger_check_journal();
DROP FUNCTION ledger_check_reversal();
DROP FUNCTION ledger_effect(bigint);
DROP FUNCTION ledger_refuse() CASCADE;
ALTER TABLE ledger_posting
    DROP CONSTRAINT ledger_debit_currency, DROP CONSTRAINT ledger_credit_currency;
ALTER TABLE ledger_journal DROP CONSTRAINT ledger_key_length;
ALTER TABLE ledger_account RESET (fillfactor);
"""

"""The guards of the ledger and its one function: what 0001_ledger runs. See docs/ledger.md."""

GUARDS = """
-- Every posting updates two of these rows. With free space on the page the new version lies beside the
-- old one and no index is touched.
ALTER TABLE ledger_account SET (fillfactor = 60);

-- Both sides of a posting have its currency: mixing is impossible, not merely checked.
ALTER TABLE ledger_posting
    ADD CONSTRAINT ledger_debit_currency FOREIGN KEY (debit_id, currency)
        REFERENCES ledger_account (id, currency),
    ADD CONSTRAINT ledger_credit_currency FOREIGN KEY (credit_id, currency)
        REFERENCES ledger_account (id, currency);

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

-- Journals, postings and balances are written inside ledger_post and nowhere else: it is the trigger
-- of ledger_door, so whatever runs at depth 0 is somebody else.
CREATE TRIGGER ledger_only_by_post BEFORE INSERT ON ledger_journal
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_only_by_post BEFORE INSERT ON ledger_posting
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();
-- After the update, as the others below: a trigger before it would lock each row once more.
CREATE TRIGGER ledger_only_by_post AFTER UPDATE OF balance, seq ON ledger_account
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();

-- History is written once.
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_deleted BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- Accounts are born empty, stay what they are, and once closed stay closed.
CREATE TRIGGER ledger_born_empty BEFORE INSERT ON ledger_account
    FOR EACH ROW WHEN (
        NEW.balance <> 0 OR NEW.seq <> 0 OR NEW.status <> 'open' OR NEW.currency !~ '^[A-Z]{3}$'
        OR (NEW.floor_zero AND NOT NEW.tracked)
    ) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_identity_fixed
    AFTER UPDATE OF id, code, pool, kind, currency, owner_id, floor_zero, tracked ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_closed_for_good AFTER UPDATE OF status ON ledger_account
    FOR EACH ROW WHEN (OLD.status = 'closed') EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_closed_is_empty AFTER UPDATE OF status ON ledger_account
    FOR EACH ROW WHEN (NEW.status = 'closed' AND NEW.balance <> 0)
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_known_status AFTER UPDATE OF status ON ledger_account
    FOR EACH ROW WHEN (
        NEW.status NOT IN ('open', 'frozen_out', 'frozen', 'closed') OR NOT NEW.tracked
    ) EXECUTE FUNCTION ledger_refuse();

-- What a journal did to each account, as readers see accounts.
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

CREATE FUNCTION ledger_check_mirror(undoing bigint, undone bigint) RETURNS void
LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_effect(undoing) AS n
        FULL JOIN ledger_effect(undone) AS o USING (pool, currency)
        WHERE n.amount IS DISTINCT FROM -o.amount
    ) THEN
        RAISE EXCEPTION 'ledger: journal % does not mirror %', undoing, undone
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mirrors';
    END IF;
END
$body$;
"""

POST = """
-- The one door: INSERT a business fact with its legs, RETURNING what came of it.
CREATE VIEW ledger_door AS
    SELECT NULL::text AS fact, NULL::text AS print, NULL::text AS what, NULL::text AS about,
           NULL::bigint AS who, NULL::bigint AS undoes, NULL::timestamptz AS moment,
           NULL::text[] AS codes, NULL::text[] AS currencies, NULL::text[] AS kinds,
           NULL::bigint[] AS owners, NULL::boolean[] AS floors, NULL::boolean[] AS tracks,
           NULL::int[] AS debits, NULL::int[] AS credits, NULL::bigint[] AS amounts,
           NULL::bigint AS journal, NULL::text AS outcome, NULL::text AS detail
    WHERE false;

-- Accounts come sorted by code and currency, and are updated in that order, so that no two calls wait
-- for each other in a circle. Legs name accounts by their place in the list. A rule that says no is
-- reported, not raised: the balances moved so far are moved back, nothing was written, and the
-- caller's transaction goes on.
CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    a record;
    d int;
    c int;
    done int := 0;
    posting bigint;
    moved bigint;
    one_id bigint;
    one_after bigint;
    one_seq bigint;
    at_id bigint;
    at_balance bigint;
    at_seq bigint;
    nets bigint[] := array_fill(0::bigint, ARRAY[cardinality(NEW.codes)]);
    counts int[] := array_fill(0, ARRAY[cardinality(NEW.codes)]);
    takes boolean[] := array_fill(false, ARRAY[cardinality(NEW.codes)]);
    ids bigint[];
    balances bigint[];
    seqs bigint[];
    walk bigint[];
BEGIN
    -- The usual case first, in as few steps as it can be: one leg between two accounts that agree. What
    -- does not go that way leaves no trace and is told below.
    IF cardinality(NEW.amounts) = 1 AND cardinality(NEW.codes) = 2 AND NEW.tracks[1] AND NEW.tracks[2]
       AND NEW.debits[1] IN (1, 2) AND NEW.credits[1] = 3 - NEW.debits[1]
       AND NEW.amounts[1] BETWEEN 1 AND 1000000000000000 AND length(NEW.fact) >= 3 THEN
        moved := CASE NEW.debits[1] WHEN 1 THEN -NEW.amounts[1] ELSE NEW.amounts[1] END;
        UPDATE ledger_account SET balance = balance + moved, seq = seq + 1
        WHERE code = NEW.codes[1] AND currency = NEW.currencies[1] AND tracked
          AND floor_zero = NEW.floors[1] AND kind <> 'receivable'
          AND (status = 'open' OR (status = 'frozen_out' AND moved > 0))
          AND (NOT floor_zero OR balance + moved >= 0)
        RETURNING id, balance, seq INTO one_id, one_after, one_seq;
        IF FOUND THEN
            UPDATE ledger_account SET balance = balance - moved, seq = seq + 1
            WHERE code = NEW.codes[2] AND currency = NEW.currencies[2] AND tracked
              AND floor_zero = NEW.floors[2] AND kind <> 'receivable'
              AND (status = 'open' OR (status = 'frozen_out' AND moved < 0))
              AND (NOT floor_zero OR balance - moved >= 0)
            RETURNING id, balance, seq INTO at_id, at_balance, at_seq;
            IF FOUND THEN
                INSERT INTO ledger_journal (
                    key, fingerprint, kind, ref, reverses_id, actor_id, posted_at
                ) VALUES (
                    NEW.fact, NEW.print, NEW.what, NEW.about, NEW.undoes, NEW.who, NEW.moment
                ) ON CONFLICT (key) DO NOTHING RETURNING id INTO NEW.journal;
                IF FOUND THEN
                    INSERT INTO ledger_posting (
                        journal_id, debit_id, credit_id, currency, amount,
                        debit_seq, debit_after, credit_seq, credit_after
                    ) VALUES (
                        NEW.journal, CASE WHEN moved < 0 THEN one_id ELSE at_id END,
                        CASE WHEN moved < 0 THEN at_id ELSE one_id END,
                        NEW.currencies[1], NEW.amounts[1],
                        CASE WHEN moved < 0 THEN one_seq ELSE at_seq END,
                        CASE WHEN moved < 0 THEN one_after ELSE at_balance END,
                        CASE WHEN moved < 0 THEN at_seq ELSE one_seq END,
                        CASE WHEN moved < 0 THEN at_balance ELSE one_after END
                    );
                    IF NEW.undoes IS NOT NULL THEN
                        PERFORM ledger_check_mirror(NEW.journal, NEW.undoes);
                    END IF;
                    NEW.outcome := 'created';
                    RETURN NEW;
                END IF;
                UPDATE ledger_account SET balance = balance + moved, seq = seq - 1 WHERE id = at_id;
            END IF;
            UPDATE ledger_account SET balance = balance - moved, seq = seq - 1 WHERE id = one_id;
        END IF;
    END IF;

    IF cardinality(NEW.amounts) = 0 OR length(NEW.fact) < 3 THEN
        RAISE EXCEPTION 'ledger: a journal has legs and a key' USING ERRCODE = 'check_violation';
    END IF;
    FOR k IN 1..cardinality(NEW.amounts) LOOP
        d := NEW.debits[k];
        c := NEW.credits[k];
        nets[d] := nets[d] - NEW.amounts[k];
        nets[c] := nets[c] + NEW.amounts[k];
        counts[d] := counts[d] + 1;
        counts[c] := counts[c] + 1;
        takes[d] := true;
    END LOOP;

    <<accounts>>
    FOR i IN 1..cardinality(NEW.codes) LOOP
        FOR try IN 1..3 LOOP
            IF NEW.tracks[i] THEN
                UPDATE ledger_account
                SET balance = balance + nets[i], seq = seq + counts[i]
                WHERE code = NEW.codes[i] AND currency = NEW.currencies[i]
                  AND tracked AND floor_zero = NEW.floors[i]
                  AND (status = 'open' OR (status = 'frozen_out' AND NOT takes[i]))
                  AND (NOT floor_zero OR balance + nets[i] >= 0)
                  AND (kind <> 'receivable' OR balance + nets[i] <= 0)
                RETURNING id, balance - nets[i], seq - counts[i] INTO at_id, at_balance, at_seq;
            ELSE
                SELECT id, 0, 0 INTO at_id, at_balance, at_seq FROM ledger_account
                WHERE code = NEW.codes[i] AND currency = NEW.currencies[i] AND NOT tracked;
            END IF;
            EXIT WHEN FOUND;
            -- It is not there yet, or says no.
            SELECT * INTO a FROM ledger_account
            WHERE code = NEW.codes[i] AND currency = NEW.currencies[i] FOR NO KEY UPDATE;
            IF FOUND THEN
                IF a.tracked <> NEW.tracks[i] OR a.floor_zero <> NEW.floors[i] THEN
                    RAISE EXCEPTION 'ledger: account % is of another nature', a.code
                        USING ERRCODE = 'check_violation';
                END IF;
                CONTINUE WHEN try < 3 AND a.status = 'open'
                    AND (NOT a.floor_zero OR a.balance + nets[i] >= 0)
                    AND (a.kind <> 'receivable' OR a.balance + nets[i] <= 0);
                NEW.outcome := CASE
                    WHEN a.status NOT IN ('open', 'frozen_out') THEN 'account_frozen'
                    WHEN a.status = 'frozen_out' AND takes[i] THEN 'account_frozen'
                    WHEN a.kind = 'receivable' THEN 'not_owed'
                    ELSE 'insufficient_funds'
                END;
                NEW.detail := CASE NEW.outcome WHEN 'account_frozen' THEN a.status ELSE a.code END;
                EXIT accounts;
            END IF;
            INSERT INTO ledger_account (
                code, pool, kind, currency, owner_id, floor_zero, tracked, balance, seq, status
            ) VALUES (
                NEW.codes[i], split_part(NEW.codes[i], '#', 1), NEW.kinds[i], NEW.currencies[i],
                NEW.owners[i], NEW.floors[i], NEW.tracks[i], 0, 0, 'open'
            ) ON CONFLICT (code, currency) DO NOTHING;
        END LOOP;
        done := i;
        -- As it was before, to follow the legs one by one.
        ids[i] := at_id;
        balances[i] := at_balance;
        seqs[i] := at_seq;
    END LOOP;

    IF NEW.outcome IS NULL AND cardinality(NEW.amounts) > 1 THEN
        -- Enough in the end is not enough: no leg may take what only a later one brings.
        walk := balances;
        FOR k IN 1..cardinality(NEW.amounts) LOOP
            d := NEW.debits[k];
            c := NEW.credits[k];
            walk[d] := walk[d] - NEW.amounts[k];
            walk[c] := walk[c] + NEW.amounts[k];
            IF NEW.floors[d] AND walk[d] < 0 THEN
                NEW.outcome := 'insufficient_funds';
                NEW.detail := NEW.codes[d];
                EXIT;
            END IF;
        END LOOP;
    END IF;
    IF NEW.outcome IS NULL THEN
        INSERT INTO ledger_journal (key, fingerprint, kind, ref, reverses_id, actor_id, posted_at)
        VALUES (NEW.fact, NEW.print, NEW.what, NEW.about, NEW.undoes, NEW.who, NEW.moment)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO NEW.journal;
    END IF;
    IF NEW.journal IS NULL THEN
        FOR i IN 1..done LOOP
            UPDATE ledger_account SET balance = balance - nets[i], seq = seq - counts[i]
            WHERE id = ids[i] AND tracked;
        END LOOP;
        -- Told before? Then it was done, whatever could be said against it now.
        SELECT id, fingerprint INTO a FROM ledger_journal WHERE key = NEW.fact;
        IF FOUND THEN
            NEW.journal := a.id;
            NEW.detail := NULL;
            NEW.outcome := CASE WHEN a.fingerprint = NEW.print THEN 'known' ELSE 'key_reused' END;
        END IF;
        RETURN NEW;
    END IF;

    FOR k IN 1..cardinality(NEW.amounts) LOOP
        d := NEW.debits[k];
        c := NEW.credits[k];
        balances[d] := balances[d] - NEW.amounts[k];
        balances[c] := balances[c] + NEW.amounts[k];
        seqs[d] := seqs[d] + 1;
        seqs[c] := seqs[c] + 1;
        posting := nextval('ledger_posting_id_seq');
        INSERT INTO ledger_posting (
            id, journal_id, debit_id, credit_id, currency, amount,
            debit_seq, debit_after, credit_seq, credit_after
        ) VALUES (
            posting, NEW.journal, ids[d], ids[c], NEW.currencies[d], NEW.amounts[k],
            CASE WHEN NEW.tracks[d] THEN seqs[d] ELSE posting END,
            CASE WHEN NEW.tracks[d] THEN balances[d] END,
            CASE WHEN NEW.tracks[c] THEN seqs[c] ELSE posting END,
            CASE WHEN NEW.tracks[c] THEN balances[c] END
        );
    END LOOP;
    IF NEW.undoes IS NOT NULL THEN
        PERFORM ledger_check_mirror(NEW.journal, NEW.undoes);
    END IF;
    NEW.outcome := 'created';
    RETURN NEW;
END
$body$;
CREATE TRIGGER ledger_post INSTEAD OF INSERT ON ledger_door
    FOR EACH ROW EXECUTE FUNCTION ledger_post();
"""

UNDO = """
DROP VIEW ledger_door;
DROP VIEW ledger_entry;
DROP FUNCTION ledger_post();
DROP FUNCTION ledger_check_mirror(bigint, bigint);
DROP FUNCTION ledger_effect(bigint);
DROP FUNCTION ledger_refuse() CASCADE;
ALTER TABLE ledger_posting
    DROP CONSTRAINT ledger_debit_currency, DROP CONSTRAINT ledger_credit_currency;
ALTER TABLE ledger_account RESET (fillfactor);
"""

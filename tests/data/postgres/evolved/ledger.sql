-- Double-entry bookkeeping: domains, composite types, generated columns, exclusion constraints, materialized views.
CREATE DOMAIN amount AS numeric(14, 2);
CREATE DOMAIN currency AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE TYPE price AS (value amount, unit currency);
CREATE SEQUENCE voucher_number AS int START 1000;
CREATE TABLE account (
  code varchar(10) COLLATE "C" PRIMARY KEY,
  parent varchar(10) REFERENCES account DEFERRABLE,
  name text NOT NULL,
  unit currency NOT NULL DEFAULT 'EUR'
);
CREATE TABLE voucher (
  number int PRIMARY KEY DEFAULT nextval('voucher_number'),
  booked date NOT NULL DEFAULT '2026-01-01',
  valid daterange NOT NULL DEFAULT '[2026-01-01,2027-01-01)',
  note text,
  CONSTRAINT known CHECK (booked >= '2000-01-01')
);
CREATE TABLE entry (
  voucher int NOT NULL REFERENCES voucher ON UPDATE CASCADE,
  line smallint NOT NULL,
  account varchar(10) NOT NULL REFERENCES account,
  debit amount NOT NULL DEFAULT 0,
  credit amount NOT NULL DEFAULT 0,
  net amount GENERATED ALWAYS AS (debit - credit) STORED,
  original price,
  PRIMARY KEY (voucher, line),
  CONSTRAINT one_side CHECK (debit = 0 OR credit = 0)
);
CREATE FUNCTION balance(of varchar) RETURNS amount STABLE LANGUAGE sql
  AS $$ SELECT coalesce(sum(net), 0)::amount FROM entry WHERE account = of $$;
CREATE FUNCTION convert(what price, rate numeric DEFAULT 1) RETURNS price IMMUTABLE LANGUAGE sql
  AS $$ SELECT ROW(what.value * rate, what.unit)::price $$;
CREATE MATERIALIZED VIEW balances AS SELECT account, sum(net) AS net, count(*) AS entries FROM entry GROUP BY account;
CREATE UNIQUE INDEX balances_account ON balances (account);
CREATE VIEW trial_balance AS
  SELECT a.code, a.name, b.net, balance(a.code) AS now FROM account a LEFT JOIN balances b ON b.account = a.code;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed'; END $$;
CREATE TRIGGER closed BEFORE UPDATE OF booked ON voucher FOR EACH ROW
  WHEN (OLD.booked < '2025-01-01') EXECUTE FUNCTION refuse();
CREATE CONSTRAINT TRIGGER late AFTER DELETE ON voucher DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.number < 0) EXECUTE FUNCTION refuse();
COMMENT ON DOMAIN currency IS 'ISO 4217';
GRANT SELECT ON trial_balance TO pg_read_all_settings;
GRANT USAGE ON SEQUENCE voucher_number TO pg_read_all_settings;
INSERT INTO account VALUES ('1', NULL, 'Assets', 'EUR'), ('10', '1', 'Bank', DEFAULT), ('4', NULL, 'Income', 'USD');
INSERT INTO voucher (note) VALUES ('first'), (NULL);
INSERT INTO entry (voucher, line, account, debit, credit, original) VALUES (1000, 1, '10', 12.34, 0, ROW(10, 'USD')),
  (1000, 2, '4', 0, 12.34, NULL), (1001, 1, '10', 0, 1, ROW(NULL, NULL));
REFRESH MATERIALIZED VIEW balances;

-- step: vouchers do not overlap
CREATE FUNCTION is_open(d date) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT d > '2020-01-01' $$;
ALTER TABLE voucher ADD CONSTRAINT apart EXCLUDE USING gist (valid WITH &&) WHERE (number < 0);
ALTER TABLE voucher ADD CONSTRAINT opened CHECK (is_open(booked));

-- step: a currency has a default, and what is not one is no longer accepted
ALTER DOMAIN currency SET DEFAULT 'EUR';
ALTER DOMAIN currency DROP CONSTRAINT currency_check;
ALTER DOMAIN currency ADD CONSTRAINT is_code CHECK (VALUE ~ '^[A-Z]{3}$' AND VALUE <> 'XXX') NOT VALID;
COMMENT ON DOMAIN currency IS NULL;

-- step: prices say when they were known
ALTER TYPE price ADD ATTRIBUTE known date;
CREATE OR REPLACE FUNCTION convert(what price, rate numeric DEFAULT 1) RETURNS price IMMUTABLE LANGUAGE sql
  AS $$ SELECT ROW(what.value * rate, what.unit, what.known)::price $$;

-- step: larger numbers of vouchers
DROP TRIGGER late ON voucher;
ALTER TABLE voucher DROP CONSTRAINT apart;
ALTER TABLE entry DROP CONSTRAINT entry_voucher_fkey;
ALTER SEQUENCE voucher_number AS bigint;
ALTER TABLE voucher ALTER COLUMN number TYPE bigint;
ALTER TABLE entry ALTER COLUMN voucher TYPE bigint;
ALTER TABLE entry ADD CONSTRAINT entry_voucher_fkey FOREIGN KEY (voucher) REFERENCES voucher ON UPDATE CASCADE;
ALTER TABLE voucher ADD CONSTRAINT apart EXCLUDE USING gist (valid WITH &&) WHERE (number < 0);
CREATE CONSTRAINT TRIGGER late AFTER DELETE ON voucher DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.number < 0) EXECUTE FUNCTION refuse();

-- step: the sequence belongs to its column
ALTER SEQUENCE voucher_number OWNED BY voucher.number;
ALTER SEQUENCE voucher_number INCREMENT 2 CACHE 5;
COMMENT ON SEQUENCE voucher_number IS 'in pairs';

-- step: the balances leave out what is void
DROP VIEW trial_balance;
DROP MATERIALIZED VIEW balances;
ALTER TABLE voucher ADD COLUMN void boolean NOT NULL DEFAULT false;
CREATE MATERIALIZED VIEW balances AS
  SELECT e.account, sum(e.net) AS net, count(*) AS entries FROM entry e JOIN voucher v ON v.number = e.voucher
  WHERE NOT v.void GROUP BY e.account;
CREATE UNIQUE INDEX balances_account ON balances (account);
CREATE INDEX balances_net ON balances (net DESC);
CREATE VIEW trial_balance AS
  SELECT a.code, a.name, b.net, balance(a.code) AS now FROM account a LEFT JOIN balances b ON b.account = a.code;
GRANT SELECT ON trial_balance TO pg_read_all_settings;

-- step: the net is rounded otherwise
DROP VIEW trial_balance;
DROP MATERIALIZED VIEW balances;
ALTER TABLE entry DROP COLUMN net;
ALTER TABLE entry ADD COLUMN net amount GENERATED ALWAYS AS (round(debit - credit, 1)) STORED;
CREATE MATERIALIZED VIEW balances AS
  SELECT e.account, sum(e.net) AS net, count(*) AS entries FROM entry e JOIN voucher v ON v.number = e.voucher
  WHERE NOT v.void GROUP BY e.account;
CREATE UNIQUE INDEX balances_account ON balances (account);
CREATE INDEX balances_net ON balances (net DESC);
CREATE VIEW trial_balance AS
  SELECT a.code, a.name, b.net, balance(a.code) AS now FROM account a LEFT JOIN balances b ON b.account = a.code;
GRANT SELECT ON trial_balance TO pg_read_all_settings;

-- step: accounts are keyed by a number
ALTER TABLE account ADD COLUMN id int GENERATED BY DEFAULT AS IDENTITY (START 50);
ALTER TABLE account ADD CONSTRAINT account_id UNIQUE (id) INCLUDE (name);
CREATE STATISTICS account_codes (dependencies) ON code, parent FROM account;

-- step: no more checks of the past
ALTER TABLE voucher DROP CONSTRAINT opened;
DROP FUNCTION is_open(date);
ALTER TABLE voucher DROP CONSTRAINT known;
ALTER TABLE voucher ADD CONSTRAINT known CHECK (booked >= '1990-01-01') NOT VALID;

-- step: amounts of a country without cents
DROP VIEW trial_balance;
ALTER DOMAIN amount SET DEFAULT 0;
ALTER DOMAIN amount ADD CONSTRAINT bounded CHECK (abs(VALUE) < 1000000000) NOT VALID;
CREATE VIEW trial_balance AS SELECT a.code, b.net FROM account a LEFT JOIN balances b ON b.account = a.code;
GRANT SELECT ON trial_balance TO pg_read_all_settings;

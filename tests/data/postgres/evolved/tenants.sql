-- A service with many tenants, separated by row-level security, with an audit trail and monthly partitions of events.
CREATE SCHEMA app;
CREATE TYPE app.plan AS ENUM ('free', 'team', 'legacy');
CREATE FUNCTION app.current_tenant() RETURNS uuid STABLE LANGUAGE sql
  AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE TABLE app.tenant (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  plan app.plan NOT NULL DEFAULT 'free',
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE app.member (
  tenant uuid NOT NULL REFERENCES app.tenant ON DELETE CASCADE,
  number int NOT NULL,
  mail varchar(80) NOT NULL CHECK (mail LIKE '%@%'),
  roles text NOT NULL DEFAULT 'reader',
  PRIMARY KEY (tenant, number)
);
ALTER TABLE app.tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.tenant USING (id = app.current_tenant());
CREATE POLICY own ON app.member USING (tenant = app.current_tenant())
  WITH CHECK (tenant = app.current_tenant() AND mail <> '');
CREATE TABLE app.event (
  id bigint GENERATED ALWAYS AS IDENTITY,
  tenant uuid NOT NULL,
  at timestamp NOT NULL,
  what text,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE app.event_2026_01 PARTITION OF app.event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE app.event_2026_02 PARTITION OF app.event FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE INDEX event_tenant ON app.event (tenant, at);
CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = app AS $$
BEGIN
  INSERT INTO event (tenant, at, what) VALUES (NEW.tenant, '2026-01-15', TG_OP);
  RETURN NEW;
END $$;
CREATE TRIGGER audited AFTER INSERT OR UPDATE OF mail ON app.member FOR EACH ROW EXECUTE FUNCTION app.audit();
CREATE VIEW app.members_of_plan WITH (security_barrier) AS
  SELECT t.plan, count(*) AS members, min(m.mail) AS first FROM app.tenant t JOIN app.member m ON m.tenant = t.id
  GROUP BY t.plan;
GRANT USAGE ON SCHEMA app TO pg_monitor;
GRANT SELECT ON app.members_of_plan TO pg_monitor;
GRANT SELECT, UPDATE (mail) ON app.member TO pg_monitor;
REVOKE EXECUTE ON FUNCTION app.audit() FROM PUBLIC;
INSERT INTO app.tenant VALUES ('00000000-0000-0000-0000-000000000001', 'Ann''s', 'team', '2026-01-01'),
  ('00000000-0000-0000-0000-000000000002', 'Bob "&" Co', 'free', '2026-01-02');
INSERT INTO app.member VALUES ('00000000-0000-0000-0000-000000000001', 1, 'ann@a.example', 'owner'),
  ('00000000-0000-0000-0000-000000000002', 1, 'bob@b.example', DEFAULT);
INSERT INTO app.event (tenant, at, what) VALUES ('00000000-0000-0000-0000-000000000001', '2026-02-02', NULL);

-- step: a longer mail address, under a view, a policy, a check, a trigger and a column privilege
DROP VIEW app.members_of_plan;
DROP POLICY own ON app.member;
DROP TRIGGER audited ON app.member;
ALTER TABLE app.member ALTER COLUMN mail TYPE varchar(320);
CREATE TRIGGER audited AFTER INSERT OR UPDATE OF mail ON app.member FOR EACH ROW EXECUTE FUNCTION app.audit();
CREATE POLICY own ON app.member USING (tenant = app.current_tenant())
  WITH CHECK (tenant = app.current_tenant() AND mail <> '');
CREATE VIEW app.members_of_plan WITH (security_barrier) AS
  SELECT t.plan, count(*) AS members, min(m.mail) AS first FROM app.tenant t JOIN app.member m ON m.tenant = t.id
  GROUP BY t.plan;
GRANT SELECT ON app.members_of_plan TO pg_monitor;

-- step: the legacy plan goes
DROP VIEW app.members_of_plan;
ALTER TABLE app.tenant ALTER COLUMN plan DROP DEFAULT;
ALTER TABLE app.tenant ALTER COLUMN plan TYPE text;
DROP TYPE app.plan;
CREATE TYPE app.plan AS ENUM ('free', 'team');
ALTER TABLE app.tenant ALTER COLUMN plan TYPE app.plan USING plan::app.plan;
ALTER TABLE app.tenant ALTER COLUMN plan SET DEFAULT 'free';
CREATE VIEW app.members_of_plan WITH (security_barrier) AS
  SELECT t.plan, count(*) AS members, min(m.mail) AS first FROM app.tenant t JOIN app.member m ON m.tenant = t.id
  GROUP BY t.plan;
GRANT SELECT ON app.members_of_plan TO pg_monitor;

-- step: one more month, and an index over all of them
CREATE TABLE app.event_2026_03 PARTITION OF app.event FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE INDEX event_what ON app.event (what) WHERE what IS NOT NULL;
ALTER TABLE app.event ADD COLUMN source inet;

-- step: the first month is kept apart
ALTER TABLE app.event DETACH PARTITION app.event_2026_01;

-- step: tenants are found by a function that also reads a header
CREATE OR REPLACE FUNCTION app.current_tenant() RETURNS uuid STABLE LANGUAGE sql
  AS $$ SELECT coalesce(nullif(current_setting('app.tenant', true), ''),
                        nullif(current_setting('request.tenant', true), ''))::uuid $$;
COMMENT ON FUNCTION app.current_tenant() IS 'who''s there';
CREATE POLICY staff ON app.tenant AS RESTRICTIVE FOR DELETE TO pg_monitor USING (plan = 'free');

-- step: the function takes what to do without a tenant
DROP POLICY own ON app.tenant;
DROP POLICY own ON app.member;
DROP FUNCTION app.current_tenant();
CREATE FUNCTION app.current_tenant(fallback uuid DEFAULT NULL) RETURNS uuid STABLE LANGUAGE sql
  AS $$ SELECT coalesce(nullif(current_setting('app.tenant', true), '')::uuid, fallback) $$;
CREATE POLICY own ON app.tenant USING (id = app.current_tenant());
CREATE POLICY own ON app.member USING (tenant = app.current_tenant())
  WITH CHECK (tenant = app.current_tenant() AND mail <> '');

-- step: several roles
ALTER TABLE app.member ALTER COLUMN roles DROP DEFAULT;
ALTER TABLE app.member ALTER COLUMN roles TYPE text[] USING ARRAY[roles];
ALTER TABLE app.member ALTER COLUMN roles SET DEFAULT '{reader}';
CREATE INDEX member_roles ON app.member USING gin (roles);

-- step: events know their tenant, and a tenant its owner
ALTER TABLE app.event ADD CONSTRAINT event_of_tenant FOREIGN KEY (tenant) REFERENCES app.tenant (id);
ALTER TABLE app.tenant ADD COLUMN owner int;
ALTER TABLE app.tenant ADD CONSTRAINT owner_is_member FOREIGN KEY (id, owner) REFERENCES app.member (tenant, number)
  DEFERRABLE INITIALLY DEFERRED;

-- step: a view over the view, and forced security
CREATE VIEW app.large_plans AS SELECT plan FROM app.members_of_plan WHERE members > 10;
ALTER TABLE app.member FORCE ROW LEVEL SECURITY;
ALTER TABLE app.member DISABLE TRIGGER audited;

-- step: the times get a zone
DROP VIEW app.large_plans;
DROP VIEW app.members_of_plan;
ALTER TABLE app.tenant ALTER COLUMN created TYPE date USING created::date;
ALTER TABLE app.tenant ALTER COLUMN created SET DEFAULT CURRENT_DATE;
CREATE VIEW app.members_of_plan WITH (security_barrier) AS
  SELECT t.plan, count(*) AS members, min(m.mail) AS first, max(t.created) AS newest
  FROM app.tenant t JOIN app.member m ON m.tenant = t.id GROUP BY t.plan;
GRANT SELECT ON app.members_of_plan TO pg_monitor;
CREATE VIEW app.large_plans AS SELECT plan, newest FROM app.members_of_plan WHERE members > 10;

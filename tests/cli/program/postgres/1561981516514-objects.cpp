#include <whimbrel/migration.h>

// What only PostgreSQL has.
class Objects1561981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(CREATE TYPE mood AS ENUM ('sad', 'glad'))sql");
    query_runner.query(R"sql(CREATE DOMAIN positive AS integer CHECK (VALUE > 0))sql");
    query_runner.query(R"sql(CREATE SEQUENCE ticket)sql");
    query_runner.query(
        R"sql(CREATE TABLE person (id serial PRIMARY KEY, mood mood, age positive, name text DEFAULT '',
              ticket bigint DEFAULT nextval('ticket')))sql");
    query_runner.query(
        R"sql(CREATE FUNCTION cheer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.mood = 'glad'; RETURN NEW; END $$)sql");
    query_runner.query(R"sql(CREATE TRIGGER cheer BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION cheer())sql");
    query_runner.query(R"sql(CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) FROM person GROUP BY mood)sql");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(DROP MATERIALIZED VIEW moods)sql");
    query_runner.query(R"sql(DROP TABLE person)sql");
    query_runner.query(R"sql(DROP FUNCTION cheer)sql");
    query_runner.query(R"sql(DROP SEQUENCE ticket)sql");
    query_runner.query(R"sql(DROP DOMAIN positive)sql");
    query_runner.query(R"sql(DROP TYPE mood)sql");
  }
};

WHIMBREL_MIGRATION(Objects1561981516514);

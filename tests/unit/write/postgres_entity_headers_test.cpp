#include <doctest/doctest.h>

#include "change/schema_source.h"
#include "unit/fixture/fixture.h"
#include "write/entity_headers.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

TEST_CASE("PostgreSQL: an entity is written in the terms of every database where they lead to the same column") {
  const PostgresDatabase database;
  database.query(
      "CREATE TYPE issue_status_enum AS ENUM ('open', 'done'); CREATE TYPE kind AS ENUM ('a', 'b'); CREATE TABLE issue "
      "(id serial PRIMARY KEY, status issue_status_enum NOT NULL DEFAULT 'open', kind kind NOT NULL, payload jsonb NOT "
      "NULL DEFAULT '{}', plain json, created_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc'), read_at "
      "timestamptz NOT NULL DEFAULT now()); CREATE TYPE doc_state_enum AS ENUM ('a', 'b'); CREATE TABLE doc (id serial "
      "PRIMARY KEY, body jsonb NOT NULL UNIQUE, state doc_state_enum NOT NULL); CREATE TABLE note (id serial PRIMARY "
      "KEY, body jsonb NOT NULL REFERENCES doc (body), state doc_state_enum NOT NULL)");
  const change::SchemaSource source = change::read_database(whimbrel::detail::linked_drivers(), database.url());
  const auto enum_type = [](const std::string& table, const std::string& column) {
    return table + '_' + column + "_enum";
  };
  const write::EntityHeaders headers =
      write::entity_headers(model::canonical(source.schema), *source.dialect, enum_type, "");
  std::string text;
  for (const auto& file : headers.files) text += file.text;
  CAPTURE(text);
  for (const char* const line : {
           "entity.column<&Issue::status>({.default_value = IssueStatus::open});",
           "entity.column<&Issue::kind>({.enum_name = \"kind\"});",
           "entity.json<&Issue::payload>({.default_value = \"{}\"});",
           "entity.column<&Issue::plain>({.type = \"json\"});",
           "entity.create_date<&Issue::created_at>();",
           "entity.create_date<&Issue::read_at>({.with_time_zone = true});",
           "entity.column<&Doc::body>({.type = \"jsonb\", .unique = true});",
           "entity.column<&Doc::state>({.enum_name = \"doc_state_enum\"});",
       }) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

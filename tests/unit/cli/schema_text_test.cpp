#include "cli/schema_text.h"

#include <doctest/doctest.h>

#include "cli/schema_json.h"
#include "dialect/sqlite/inspect/reader.h"

using namespace whimbrel;
using namespace whimbrel::cli;

namespace {

model::Schema shop() {
  model::Schema schema;
  schema.tables.push_back(dialect::sqlite::read_create_table(
      "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \"größe\" varchar(40) DEFAULT 'M' COLLATE "
      "NOCASE, owner REFERENCES person (id) ON DELETE CASCADE, CONSTRAINT u UNIQUE (owner) ON CONFLICT IGNORE, "
      "CHECK (id > 0)) STRICT"));
  schema.tables[0].indexes.push_back(
      dialect::sqlite::read_create_index("CREATE UNIQUE INDEX i ON item (lower(owner), id DESC) WHERE id > 9"));
  schema.views.push_back({"v", "CREATE VIEW v AS SELECT 1", {}});
  return schema;
}

}  // namespace

TEST_CASE("a schema is shown with all that belongs to it, in columns that line up") {
  CHECK(schema_text(shop(), Style(false)) ==
        "table item  STRICT\n"
        "  id     INTEGER      auto-increment, not null\n"
        "  größe  varchar(40)  default 'M', collate NOCASE\n"
        "  owner\n"
        "  primary key (id)\n"
        "  unique \"u\" (owner), on conflict ignore\n"
        "  check (id > 0)\n"
        "  foreign key (owner) to person (id), on delete cascade\n"
        "  unique index \"i\" ((lower(owner)), id desc) where id > 9\n"
        "\n"
        "view v\n"
        "CREATE VIEW v AS SELECT 1\n");
}

TEST_CASE("changes have a sign, and a colour where that is wanted") {
  const std::vector<operation::Operation> changes = {operation::DropView{shop().views[0]},
                                                     operation::CreateTable{shop().tables[0]},
                                                     operation::RenameTable{{"a"}, {"b"}}};
  CHECK(changes_text(changes, Style(false)) ==
        "- drop view \"v\"\n+ create table \"item\"\n~ rename table \"a\" to \"b\"\n");
  CHECK(changes_text(changes, Style(true)).find("\x1b[32m+ create table") != std::string::npos);
}

TEST_CASE("a change as data has what was before and what is after") {
  const model::Table item = shop().tables[0];
  model::Column wider = item.columns[1];
  wider.type.arguments = {80};
  const std::string text = to_text(change_document(operation::AlterColumn{item.name, item.columns[1], wider, {}}));
  CHECK(text.find("\"kind\": \"alter_column\",\n  \"object\": \"item\"") != std::string::npos);
  CHECK(text.find("\"type\": \"varchar(40)\"") < text.find("\"type\": \"varchar(80)\""));
  const std::string drop = to_text(change_document(operation::DropTable{item}));
  CHECK(drop.find("\"loss\": \"the rows of table \\\"item\\\"\"") != std::string::npos);
  CHECK(drop.find("\"after\": null") != std::string::npos);
}

#include <doctest/doctest.h>

#include "dialect/mysql/dialect.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using namespace whimbrel::operation;

namespace {

using Strings = std::vector<std::string>;

const dialect::mysql::Server maria{.is_mariadb = true, .version = 101100};
const dialect::mysql::Server oracle{.is_mariadb = false, .version = 80400};

Strings sql_of(const std::vector<Operation>& operations, const dialect::mysql::Server& server = maria) {
  Strings result;
  for (const sql::Statement& statement : dialect::mysql::generate(operations, server)) result.push_back(statement.sql);
  return result;
}

model::Column column(const std::string& name, const model::Type& type, bool nullable = false) {
  model::Column result;
  result.name = name;
  result.type = type;
  result.nullable = nullable;
  return result;
}

model::Column enum_column(const Strings& values) {
  model::Column result = column("mood", {"enum", {}});
  result.enum_values = values;
  return result;
}

}  // namespace

TEST_CASE("a table is created with its keys, indexes, constraints, options and comments") {
  model::Table table;
  table.name = "user";
  table.columns = {column("id", {"int", {}, "unsigned"}), column("mail", {"varchar", {255}}),
                   column("bio", {"text", {}}, true), column("boss", {"int", {}, "unsigned"}, true)};
  table.columns[0].auto_increment = true;
  table.columns[1].charset = "ascii";
  table.columns[1].collation = "ascii_bin";
  table.columns[1].comment = "It's \\";
  table.primary_key = model::PrimaryKey{{}, {"id"}, {}, {}, {}};
  table.uniques.push_back({"UQ_mail", {"mail"}, {}, {}, false, {}});
  model::Index prefix;
  prefix.name = "IDX_bio";
  prefix.columns = {"bio"};
  prefix.columns[0].length = 20;
  model::Index words;
  words.name = "FT_bio";
  words.columns = {"bio"};
  words.method = "FULLTEXT";
  words.parser = "ngram";
  table.indexes = {prefix, words};
  model::ForeignKey key;
  key.name = "FK_boss";
  key.columns = {"boss"};
  key.referenced_table = "user";
  key.referenced_columns = {"id"};
  key.on_delete = model::ReferentialAction::set_null;
  table.foreign_keys = {key};
  table.checks.push_back({"CHK_mail", "`mail` <> ''", false, false, {}});
  table.options = {{"ENGINE", "InnoDB"}, {"DEFAULT CHARSET", "utf8mb4"}, {"COLLATE", "utf8mb4_bin"}};
  table.comment = "People";
  CHECK(
      sql_of({CreateTable{table}}) ==
      Strings{"CREATE TABLE `user` (`id` int unsigned NOT NULL AUTO_INCREMENT, `mail` varchar(255) CHARACTER SET ascii "
              "COLLATE ascii_bin NOT NULL COMMENT 'It''s \\\\', `bio` text, `boss` int unsigned, PRIMARY KEY (`id`), "
              "UNIQUE KEY `UQ_mail` (`mail`), KEY `IDX_bio` (`bio`(20)), FULLTEXT KEY `FT_bio` (`bio`) WITH PARSER "
              "ngram, CONSTRAINT `FK_boss` FOREIGN KEY (`boss`) REFERENCES `user` (`id`) ON DELETE SET NULL ON UPDATE "
              "NO ACTION, "
              "CONSTRAINT `CHK_mail` CHECK (`mail` <> '')) COLLATE=utf8mb4_bin DEFAULT CHARSET=utf8mb4 "
              "ENGINE=InnoDB COMMENT='People'"});
}

TEST_CASE("neighbouring changes of a table are one statement") {
  AddColumn first{"user", column("a", {"int", {}}, true), 0, {}, {}};
  first.behind = "";
  AddColumn second{"user", column("b", {"int", {}}, true), 1, {}, {}};
  second.behind = "a";
  const DropColumn dropped{"user", column("c", {"int", {}}), 2, {}, {}};
  CHECK(sql_of({dropped, first, second}) ==
        Strings{"ALTER TABLE `user` DROP COLUMN `c`, ADD COLUMN `a` int FIRST, ADD COLUMN `b` int AFTER `a`"});
}

TEST_CASE("an auto-increment column comes with its key") {
  model::Column id = column("id", {"int", {}});
  id.auto_increment = true;
  CHECK(sql_of({AddColumn{"user", id, 0, {}, {}},
                AlterPrimaryKey{"user", {}, model::PrimaryKey{{}, {"id"}, {}, {}, {}}}}) ==
        Strings{"ALTER TABLE `user` ADD COLUMN `id` int NOT NULL AUTO_INCREMENT, ADD PRIMARY KEY (`id`)"});
}

TEST_CASE("rows are backfilled before a column is NOT NULL, and their time of update stays") {
  const model::Column before = column("a", {"int", {}}, true);
  AlterColumn altered{"user", before, column("a", {"int", {}}), "7", {}};
  altered.self_updating = {"changed"};
  CHECK(sql_of({altered}) == Strings{"UPDATE `user` SET `a` = 7, `changed` = `changed` WHERE `a` IS NULL",
                                     "ALTER TABLE `user` MODIFY `a` int NOT NULL"});
  AddColumn added{"user", column("a", {"int", {}}), 0, "7", {}};
  CHECK(sql_of({added}) == Strings{"ALTER TABLE `user` ADD COLUMN `a` int", "UPDATE `user` SET `a` = 7",
                                   "ALTER TABLE `user` MODIFY `a` int NOT NULL"});
}

TEST_CASE("where the server would make up a value, a check fails with the first row") {
  const AddColumn first{"user", column("a", {"int", {}}), 0, {}, {}};
  const AddColumn second{"user", column("b", {"int", {}}), 1, {}, {}};
  CHECK(sql_of({first, second}) ==
        Strings{"ALTER TABLE `user` ADD COLUMN `a` int NOT NULL, ADD CONSTRAINT `whimbrel_no_value_for_a` CHECK (1 = "
                "0), ADD COLUMN `b` int NOT NULL",
                "ALTER TABLE `user` DROP CONSTRAINT `whimbrel_no_value_for_a`"});
  CHECK(sql_of({first}, oracle).back() == "ALTER TABLE `user` DROP CHECK `whimbrel_no_value_for_a`");
  const AlterColumn time{"user", column("t", {"timestamp", {}}, true), column("t", {"timestamp", {}}), {}, {}};
  CHECK(sql_of({DropColumn{"user", column("x", {"int", {}}), 0, {}, {}}, time}) ==
        Strings{"ALTER TABLE `user` ADD CONSTRAINT `whimbrel_null_in_t` CHECK (`t` IS NOT NULL)",
                "ALTER TABLE `user` DROP COLUMN `x`, DROP CONSTRAINT `whimbrel_null_in_t`, MODIFY `t` timestamp NOT "
                "NULL"});
}

TEST_CASE("values of an enum are renamed all at once, while it has both") {
  AlterColumn op{"user", enum_column({"a", "b", "c"}), enum_column({"b", "e", "d"}), {}, {}};
  op.renamed_values = {{"a", "e"}, {"c", "d"}};
  CHECK(sql_of({op}) ==
        Strings{"ALTER TABLE `user` MODIFY `mood` enum('a','b','c','e','d') NOT NULL",
                "UPDATE `user` SET `mood` = CASE `mood` WHEN 'a' THEN 'e' WHEN 'c' THEN 'd' END WHERE `mood` IN ('a', "
                "'c')",
                "ALTER TABLE `user` MODIFY `mood` enum('b','e','d') NOT NULL"});
}

TEST_CASE("values of an enum that exchange their names are renamed in place") {
  AlterColumn op{"user", enum_column({"a", "b", "c"}), enum_column({"b", "a", "d"}), {}, {}};
  op.renamed_values = {{"a", "b"}, {"b", "a"}, {"c", "d"}};
  CHECK(sql_of({op}) ==
        Strings{"ALTER TABLE `user` ADD CONSTRAINT `whimbrel_not_in_enum_mood` CHECK (`mood` > 0), MODIFY `mood` "
                "smallint unsigned NOT NULL",
                "ALTER TABLE `user` DROP CONSTRAINT `whimbrel_not_in_enum_mood`, MODIFY `mood` enum('b','a','d') NOT "
                "NULL"});
}

TEST_CASE("defaults are literals, the current time, or expressions in parentheses") {
  const auto with = [](const model::Type& type, const std::string& value) {
    model::Column result = column("a", type);
    result.default_expression = value;
    return AddColumn{"user", result, 0, {}, {}};
  };
  CHECK(sql_of({with({"int", {}}, "-5")}) == Strings{"ALTER TABLE `user` ADD COLUMN `a` int NOT NULL DEFAULT -5"});
  // Rows get what an expression gives in the zone of the server.
  const auto second_of = [](const Strings& statements) {
    return statements.size() == 3 && statements[0] == "SET time_zone = @@GLOBAL.time_zone" ? statements[1] : "";
  };
  CHECK(second_of(sql_of({with({"datetime", {6}}, "current_timestamp(6)")})) ==
        "ALTER TABLE `user` ADD COLUMN `a` datetime(6) NOT NULL DEFAULT current_timestamp(6)");
  CHECK(second_of(sql_of({with({"varchar", {36}}, "uuid()")})) ==
        "ALTER TABLE `user` ADD COLUMN `a` varchar(36) NOT NULL DEFAULT (uuid())");
  CHECK(sql_of({with({"timestamp", {6}}, "current_timestamp(6)")}) ==
        Strings{"ALTER TABLE `user` ADD COLUMN `a` timestamp(6) NOT NULL DEFAULT current_timestamp(6)"});
  CHECK(sql_of({with({"text", {}}, "'x'")}) == Strings{"ALTER TABLE `user` ADD COLUMN `a` text NOT NULL DEFAULT 'x'"});
  CHECK(sql_of({with({"text", {}}, "'x'")}, oracle) ==
        Strings{"ALTER TABLE `user` ADD COLUMN `a` text NOT NULL DEFAULT ('x')"});
}

TEST_CASE("a foreign key is dropped and added in two statements, because its name can be the same") {
  model::ForeignKey key;
  key.name = "FK";
  key.columns = {"a"};
  key.referenced_table = "b";
  key.referenced_columns = {"id"};
  CHECK(sql_of({DropForeignKey{"user", key}, AddForeignKey{"user", key}}) ==
        Strings{"ALTER TABLE `user` DROP FOREIGN KEY `FK`",
                "ALTER TABLE `user` ADD CONSTRAINT `FK` FOREIGN KEY (`a`) REFERENCES `b` (`id`) ON DELETE NO ACTION ON "
                "UPDATE NO ACTION"});
  key.restricted.value.on_delete = true;
  CHECK(sql_of({AddForeignKey{"user", key}}) ==
        Strings{"ALTER TABLE `user` ADD CONSTRAINT `FK` FOREIGN KEY (`a`) REFERENCES `b` (`id`) ON DELETE RESTRICT ON "
                "UPDATE NO ACTION"});
}

TEST_CASE("the best algorithm is asked for only where it is certain") {
  const AlterTable plain{"user", {{"ENGINE", "InnoDB"}}, {{"ENGINE", "InnoDB"}}, {}, {}, {}, {}};
  const AddColumn added{"user", column("a", {"int", {}}, true), 0, {}, {}};
  CHECK(sql_of({plain, added}) == Strings{"ALTER TABLE `user` ADD COLUMN `a` int, ALGORITHM=INPLACE"});
  CHECK(sql_of({added}) == Strings{"ALTER TABLE `user` ADD COLUMN `a` int"});
  // MySQL refuses it when a table has had many such changes.
  CHECK(sql_of({plain, added}, oracle) == Strings{"ALTER TABLE `user` ADD COLUMN `a` int"});
  model::Index index;
  index.name = "IDX";
  index.columns = {"a"};
  CHECK(sql_of({plain, CreateIndex{"user", index}}) ==
        Strings{"ALTER TABLE `user` ADD KEY `IDX` (`a`), ALGORITHM=NOCOPY"});
  CHECK(sql_of({plain, CreateIndex{"user", index}}, oracle) ==
        Strings{"ALTER TABLE `user` ADD KEY `IDX` (`a`), ALGORITHM=INPLACE"});
  CHECK(sql_of({plain, added, CreateIndex{"user", index}}) ==
        Strings{"ALTER TABLE `user` ADD COLUMN `a` int, ADD KEY `IDX` (`a`), ALGORITHM=INPLACE"});
  CHECK(sql_of({plain, AlterColumn{"user", enum_column({"a"}), enum_column({"a", "b"}), {}, {}}}, oracle) ==
        Strings{"ALTER TABLE `user` MODIFY `mood` enum('a','b') NOT NULL, ALGORITHM=INSTANT"});
  CHECK(sql_of({plain, AlterColumn{"user", enum_column({"a", "b"}), enum_column({"b"}), {}, {}}}) ==
        Strings{
            "ALTER TABLE `user` ADD CONSTRAINT `whimbrel_removed_from_mood` CHECK (CAST(CONVERT(`mood` USING utf8mb4) "
            "AS BINARY) NOT IN ('a'))",
            "ALTER TABLE `user` DROP CONSTRAINT `whimbrel_removed_from_mood`, MODIFY `mood` enum('b') NOT NULL"});
}

TEST_CASE("options of a table change with what belongs to them") {
  const AlterTable op{"user",
                      {{"ENGINE", "InnoDB"}, {"ROW_FORMAT", "COMPRESSED"}, {"DEFAULT CHARSET", "latin1"}},
                      {{"ENGINE", "InnoDB"}, {"DEFAULT CHARSET", "utf8mb4"}, {"COLLATE", "utf8mb4_bin"}},
                      "",
                      "It's",
                      {},
                      {}};
  CHECK(sql_of({op}) == Strings{"ALTER TABLE `user` ROW_FORMAT=DEFAULT COLLATE=utf8mb4_bin DEFAULT CHARSET=utf8mb4 "
                                "COMMENT='It''s'"});
}

TEST_CASE("a statement after one that creates a program runs in the session of every script") {
  model::Object function;
  function.kind = "function";
  function.name = "f";
  function.definition = "CREATE FUNCTION f() RETURNS int RETURN 1";
  function.session = "sql_mode = 'ANSI_QUOTES'";
  model::Object other = function;
  other.definition = "CREATE FUNCTION g() RETURNS int RETURN 1";
  model::View view;
  view.name = "v";
  view.definition = "CREATE VIEW v AS SELECT f()";
  const std::string restore =
      "SET NAMES utf8mb4, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO', "
      "time_zone = '+00:00'";
  CHECK(sql_of({CreateObject{function}, CreateObject{other}, CreateView{view}}) ==
        Strings{"SET sql_mode = 'ANSI_QUOTES'", function.definition, other.definition, restore, view.definition});
  CHECK(sql_of({CreateObject{function}}) == Strings{"SET sql_mode = 'ANSI_QUOTES'", function.definition, restore});
}

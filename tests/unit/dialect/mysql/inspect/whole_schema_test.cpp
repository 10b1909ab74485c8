#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "dialect/mysql/inspect/column_text.h"
#include "sql/lexer.h"
#include "unit/dialect/mysql/inspect/described.h"

namespace whimbrel::test::mysql {

namespace {

using dialect::mysql::Server;

/// What both servers have.
constexpr const char* common = R"sql(
CREATE TABLE parent (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  mail varchar(191) NOT NULL DEFAULT '',
  latin varchar(20) CHARACTER SET latin1 DEFAULT 'x',
  exact varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  state enum('a,b','it''s','back\\slash','') NOT NULL DEFAULT 'it''s',
  flags set('x','y''z') DEFAULT 'x',
  document json,
  seconds datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  zero timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  bits bit(3) DEFAULT b'101',
  bytes varbinary(4) DEFAULT 0x00FF,
  plain varbinary(4) DEFAULT 'AB',
  words varchar(40) DEFAULT 'it''s \\ "x"\n é' COMMENT 'it''s a \\ "comment"',
  made varchar(40) DEFAULT (concat('é', 'it''s \\')),
  doubled int GENERATED ALWAYS AS (bits * 2) VIRTUAL,
  tripled int GENERATED ALWAYS AS (bits * 3) STORED COMMENT 'three',
  hidden int INVISIBLE DEFAULT 3,
  filled int(5) ZEROFILL,
  place point NOT NULL,
  body text,
  UNIQUE KEY mail_key (mail(10), id),
  KEY downwards (state DESC, id),
  KEY said (mail) COMMENT 'it''s an index',
  SPATIAL KEY place_key (place),
  FULLTEXT KEY body_key (body),
  CONSTRAINT positive CHECK (filled > 0 AND latin <> 'it''s \\ é')
) COMMENT='it''s \\ "x"' ROW_FORMAT=DYNAMIC STATS_PERSISTENT=0;
CREATE TABLE child (
  parent_id bigint, other bigint, `select` int, `a``b"c'd` int DEFAULT 1, `ünï` int, `now` int,
  KEY other_first (other, parent_id), KEY `k``k` (`a``b"c'd`),
  CONSTRAINT fk_child FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL,
  FOREIGN KEY (other) REFERENCES parent (id),
  CONSTRAINT said_no FOREIGN KEY (other) REFERENCES parent (id) ON DELETE NO ACTION ON UPDATE RESTRICT,
  CONSTRAINT said_restrict FOREIGN KEY (other) REFERENCES parent (id) ON DELETE RESTRICT ON UPDATE NO ACTION
) COLLATE=utf8mb4_bin;
CREATE TABLE without_key (x int CHECK (x > 1), y int);
CREATE TABLE by_range (id int NOT NULL, day date) PARTITION BY RANGE (id)
  (PARTITION p0 VALUES LESS THAN (10) COMMENT = 'c', PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE in_memory (id int, KEY USING HASH (id)) ENGINE=MEMORY MAX_ROWS=5;
CREATE FUNCTION next_one(a int) RETURNS int DETERMINISTIC COMMENT 'it''s' RETURN a + 1;
CREATE PROCEDURE nothing(IN a int, OUT b varchar(10)) BEGIN SET b = 'x;y'; END;
CREATE VIEW second_view AS SELECT id, 'it''s' AS word FROM parent;
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_view (q, r) AS SELECT s.id, next_one(c.other)
  FROM second_view s JOIN child c ON c.parent_id = s.id WHERE s.id > 3 WITH LOCAL CHECK OPTION;
CREATE TRIGGER t_one BEFORE INSERT ON child FOR EACH ROW SET NEW.`select` = length('it\'s \\ \n');
CREATE TRIGGER t_two BEFORE INSERT ON child FOR EACH ROW BEGIN SET NEW.other = 1; END;
)sql";

constexpr const char* of_mariadb = R"sql(
CREATE SEQUENCE numbers START 5 INCREMENT 2;
CREATE TABLE own (id uuid DEFAULT uuid(), address inet6, number int DEFAULT nextval(numbers), wide varchar(100) COMPRESSED,
  KEY ignored_key (address) IGNORED) PAGE_COMPRESSED=1;
CREATE TABLE history (id int, free int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING;
CREATE TABLE periods (id int, a timestamp(6) GENERATED ALWAYS AS ROW START, b timestamp(6) GENERATED ALWAYS AS ROW END,
  PERIOD FOR SYSTEM_TIME (a, b)) WITH SYSTEM VERSIONING;
CREATE TABLE on_aria (id int) ENGINE=Aria TRANSACTIONAL=0 PAGE_CHECKSUM=0;
)sql";

constexpr const char* of_mysql = R"sql(
CREATE TABLE own (a varchar(20), n int, place point NOT NULL SRID 4326, document json DEFAULT ('{"a": "it\'s"}'),
  body text, KEY made ((n + 1), (concat(a, 'é')) DESC), UNIQUE KEY made_unique ((n * 2)), KEY unseen (n) INVISIBLE,
  FULLTEXT KEY body_key (body) WITH PARSER ngram, CONSTRAINT not_enforced CHECK (n > 0) NOT ENFORCED);
)sql";

const dialect::InspectScope with_objects{.objects = true};

/// The lines of the statement in an order that does not depend on that of the keys, without the database's own name,
/// which MariaDB writes before that of a sequence.
std::string shown(dialect::Connection& connection, const std::string& kind, const std::string& name) {
  const auto rows = connection.run("SHOW CREATE " + kind + " `" + name + "`");
  const std::string statement = rows.values.at(0).at(kind == "TABLE" || kind == "VIEW" ? 1 : 2).text();
  std::istringstream text(dialect::mysql::without_database(statement, value(connection, "SELECT DATABASE()").text()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    while (!line.empty() && (line.back() == ',' || line.back() == ' ')) line.pop_back();
    if (const auto at = line.find(" AUTO_INCREMENT="); at != std::string::npos)
      line.erase(at, line.find(' ', at + 1) - at);
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  std::string sorted;
  for (const std::string& line : lines) sorted += line + '\n';
  return sorted;
}

/// Creates the schema in another database by the statements of the generator.
void recreate(dialect::Connection& connection, const model::Schema& schema, const Server& server) {
  std::vector<operation::Operation> operations;
  const auto add_objects = [&](bool after_tables) {
    for (const model::Object& object : schema.objects) {
      if (object.after_tables == after_tables) operations.emplace_back(operation::CreateObject{object});
    }
  };
  add_objects(false);
  for (const model::Table& table : schema.tables) operations.emplace_back(operation::CreateTable{table});
  add_objects(true);
  for (const model::View& view : schema.views) operations.emplace_back(operation::CreateView{view});
  connection.run("SET foreign_key_checks = 0");
  for (const sql::Statement& statement : dialect::mysql::generate(operations, server)) connection.run(statement.sql);
}

}  // namespace

TEST_CASE("a schema that is created from what was read is the same for the server") {
  const auto first = open_fresh();
  const Server server = dialect::mysql::read_server(first->server());
  const std::string mode = "SET sql_mode = REPLACE(REPLACE(@@sql_mode, 'NO_ZERO_DATE', ''), 'NO_ZERO_IN_DATE', '')";
  first->run(mode);
  std::istringstream script(std::string(common) + (server.is_mariadb ? of_mariadb : of_mysql));
  std::string statement;
  for (std::string line; std::getline(script, line);) {
    statement += line + '\n';
    if (!line.ends_with(");") && !line.ends_with(';')) continue;
    first->run(statement);
    statement.clear();
  }
  const model::Schema schema = read(*first, with_objects);

  const auto second = open_fresh();
  second->run(mode);
  recreate(*second, schema, server);
  for (const model::Table& table : schema.tables) {
    CHECK(shown(*second, "TABLE", table.name.name) == shown(*first, "TABLE", table.name.name));
    for (const model::Trigger& trigger : table.triggers) {
      CHECK(trigger.definition.starts_with("CREATE TRIGGER `" + trigger.name +
                                           "` BEFORE INSERT ON `child` FOR EACH ROW "));
    }
  }
  for (const model::View& view : schema.views) {
    CHECK(shown(*second, "VIEW", view.name.name) == shown(*first, "VIEW", view.name.name));
  }
  for (const char* const kind : {"FUNCTION", "PROCEDURE"}) {
    for (const model::Object& object : schema.objects) {
      if (object.kind != sql::to_lower(kind)) continue;
      CHECK(shown(*second, kind, object.name.name) == shown(*first, kind, object.name.name));
    }
  }
  CHECK(canonical(read(*second, with_objects)) == canonical(schema));
  CHECK(dialect::mysql::unsupported_objects(*second, server, with_objects).empty());
}

}  // namespace whimbrel::test::mysql

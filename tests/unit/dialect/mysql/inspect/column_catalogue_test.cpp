#include <doctest/doctest.h>

#include "unit/dialect/mysql/inspect/described.h"

namespace whimbrel::test::mysql {

namespace {

/// A declaration, and how both servers' columns are read; empty: the server refuses it.
struct Row {
  const char* declared;
  const char* mariadb;
  const char* mysql;
};

constexpr const char* same = nullptr;

constexpr Row catalogue[] = {
    {"int", "int", same},
    {"int(11)", "int", same},
    {"int unsigned", "int unsigned", same},
    {"int(5) zerofill", "int(5) unsigned zerofill", same},
    {"tinyint", "tinyint", same},
    {"tinyint(1)", "tinyint(1)", same},
    {"boolean", "tinyint(1)", same},
    {"bool default true", "tinyint(1) default 1", same},
    {"bigint unsigned not null", "bigint unsigned not null", same},
    {"smallint not null default -5", "smallint not null default -5", same},
    {"decimal(10,2)", "decimal(10,2)", same},
    {"decimal(10,2) default 1", "decimal(10,2) default 1.00", same},
    {"numeric not null default 0", "decimal(10,0) not null default 0", same},
    {"float", "float", same},
    {"float(7,3)", "float(7,3)", same},
    {"double", "double", same},
    {"double precision default 1.50", "double default 1.5", same},
    {"real", "double", same},
    {"bit(8)", "bit(8)", same},
    {"bit(8) default b'101'", "bit(8) default b'101'", same},
    {"bit(1) not null default b'0'", "bit(1) not null default b'0'", same},
    {"char", "char(1)", same},
    {"char(5) default 'it''s'", "char(5) default 'it''s'", same},
    {"varchar(20) not null default ''", "varchar(20) not null default ''", same},
    {R"(varchar(20) default 'back\\slash')", R"(varchar(20) default 'back\\slash')", same},
    {R"(varchar(20) default "dq")", "varchar(20) default 'dq'", same},
    {"varchar(20) default null", "varchar(20)", same},
    {"varchar(20) character set latin1", "varchar(20) charset latin1 collate latin1_swedish_ci", same},
    {"varchar(20) character set utf8mb3 collate utf8mb3_general_ci",
     "varchar(20) charset utf8mb3 collate utf8mb3_general_ci", same},
    {"varchar(20) character set utf8mb4 collate utf8mb4_bin", "varchar(20) collate utf8mb4_bin", same},
    {"varchar(20) binary", "varchar(20) collate utf8mb4_bin", same},
    {"nvarchar(20) collate utf8mb3_general_ci", "varchar(20) charset utf8mb3 collate utf8mb3_general_ci", same},
    {"text", "text", same},
    {"tinytext", "tinytext", same},
    {"mediumtext", "mediumtext", same},
    {"longtext", "longtext", same},
    {"text default ('x')", "text default 'x'", same},
    {"varbinary(16)", "varbinary(16)", same},
    {"binary(16)", "binary(16)", same},
    {"binary(2) default 'ab'", "binary(2) default 'ab'", same},
    {"varbinary(4) default 0x4142", "varbinary(4) default 'AB'", same},
    {"blob", "blob", same},
    {"longblob", "longblob", same},
    {"date default '2020-01-02'", "date default '2020-01-02'", same},
    {"time", "time", same},
    {"time(3)", "time(3)", same},
    {"year", "year", same},
    {"datetime", "datetime", same},
    {"datetime(6)", "datetime(6)", same},
    {"datetime default current_timestamp", "datetime default current_timestamp()",
     "datetime default CURRENT_TIMESTAMP"},
    {"datetime(3) default current_timestamp(3) on update current_timestamp(3)",
     "datetime(3) default current_timestamp(3) on update current_timestamp(3)",
     "datetime(3) default CURRENT_TIMESTAMP(3) on update CURRENT_TIMESTAMP(3)"},
    {"timestamp null", "timestamp", same},
    {"timestamp not null default current_timestamp on update current_timestamp",
     "timestamp not null default current_timestamp() on update current_timestamp()",
     "timestamp not null default CURRENT_TIMESTAMP on update CURRENT_TIMESTAMP"},
    {"timestamp null default null", "timestamp", same},
    {"timestamp not null default '2020-01-02 03:04:05'", "timestamp not null default '2020-01-02 03:04:05'", same},
    {"enum('a','b')", "enum [a|b]", same},
    {"enum('a','b','it''s') not null default 'a'", "enum [a|b|it's] not null default 'a'", same},
    {"set('x','y') default 'x,y'", "set('x','y') default 'x,y'", same},
    {"json", "json", same},
    {"json default (json_array())", "json default json_array()", same},
    {"uuid", "uuid", ""},
    {"inet6", "inet6", ""},
    {"geometry", "geometry", same},
    {"point not null", "point not null", same},
    {"int default (1+2)", "int default 1 + 2", same},
    {"int default (1)", "int default 1", same},
    {"varchar(36) default (uuid())", "varchar(36) default uuid()", same},
    {"datetime default (now() + interval 1 day)", "datetime default current_timestamp() + interval 1 day",
     "datetime default now() + interval 1 day"},
    {"varchar(20) default (upper('q'))", "varchar(20) default ucase('q')", "varchar(20) default upper('q')"},
    {"varchar(20) default ('lit')", "varchar(20) default 'lit'", same},
    {R"(int default 1 comment 'it''s a "comment"')", R"(int default 1 comment it's a "comment")", same},
    {"int generated always as (1+1) virtual", "int as 1 + 1", same},
    {"int as (1+2) stored", "int as 1 + 2 stored", same},
    {"varchar(20) generated always as (concat('a','b')) stored not null", "",
     "varchar(20) not null as concat('a','b') stored"},
    {"int check (x > 0)", "int; check x (of the column): `x` > 0", "int; check t_chk_1: `x` > 0"},
    {"int check (x between 1 and 5 and x <> 3)", "int; check x (of the column): `x` between 1 and 5 and `x` <> 3",
     "int; check t_chk_1: (`x` between 1 and 5) and (`x` <> 3)"},
    {"varchar(10) check (x in ('a','b') or x like 'c%')",
     "varchar(10); check x (of the column): `x` in ('a','b') or `x` like 'c%'",
     "varchar(10); check t_chk_1: (`x` in ('a','b')) or (`x` like 'c%')"},
    {"serial", "bigint unsigned not null auto_increment", same},
    {"int unsigned not null auto_increment unique", "int unsigned not null auto_increment", same},
    {"bigint default 9223372036854775807", "bigint default 9223372036854775807", same},
    {"double default 1e10", "double default 10000000000", same},
    {"float default 0.1", "float default 0.1", same},
    {"decimal(5,3) default 1.5", "decimal(5,3) default 1.500", same},
    {"char(3) collate utf8mb4_unicode_ci default 'a'", "char(3) default 'a' collate utf8mb4_unicode_ci", same},
};

/// The column and the checks of the only table.
std::string read_column(dialect::Connection& connection) {
  const model::Table table = read(connection).tables.at(0);
  std::string text = described(table.columns.at(0));
  for (const model::Check& check : table.checks) text += "; " + described(check);
  return text;
}

}  // namespace

TEST_CASE("every kind of column is read") {
  const auto connection = open_fresh();
  for (const Row& row : catalogue) {
    CAPTURE(row.declared);
    const bool reads_as_mariadb = is_mariadb(*connection) || row.mysql == same;
    const std::string expected = reads_as_mariadb ? row.mariadb : row.mysql;
    connection->run("DROP TABLE IF EXISTS t");
    const auto error = error_of([&] { connection->run("CREATE TABLE t (x " + std::string(row.declared) + ")"); });
    CHECK(error.has_value() == expected.empty());
    if (!error) CHECK(read_column(*connection) == expected);
  }
}

TEST_CASE("a vector is read where there is one") {
  const auto connection = open_fresh();
  const auto error = error_of([&] { connection->run("CREATE TABLE t (x vector(3))"); });
  if (!error) CHECK(read_column(*connection) == "vector(3)");
}

TEST_CASE("the spelling of a type is that of a column that was declared with it") {
  const auto connection = open_fresh();
  for (const std::string type : {"INT(11)",
                                 "integer unsigned",
                                 "int1",
                                 "INT8",
                                 "dec(7)",
                                 "fixed(5,2)",
                                 "numeric",
                                 "float(20)",
                                 "float(30)",
                                 "float8",
                                 "real",
                                 "char",
                                 "char(3)",
                                 "character varying(9)",
                                 "binary",
                                 "varbinary(3)",
                                 "text(60)",
                                 "text(70)",
                                 "text(20000)",
                                 "text(70000)",
                                 "blob(200)",
                                 "blob(300)",
                                 "long",
                                 "long varbinary",
                                 "bit",
                                 "bit(5)",
                                 "bool",
                                 "tinyint(1)",
                                 "tinyint(2)",
                                 "tinyint(1) unsigned",
                                 "smallint zerofill",
                                 "bigint(7) zerofill",
                                 "year(4)",
                                 "time(0)",
                                 "datetime(3)",
                                 "timestamp(6)",
                                 "set('b','a')",
                                 "set('it''s','x y')",
                                 "geometrycollection",
                                 "multipoint",
                                 "json",
                                 "middleint",
                                 "double precision unsigned",
                                 "int signed"}) {
    CAPTURE(type);
    connection->run("DROP TABLE IF EXISTS t");
    connection->run("CREATE TABLE t (x " + type + " NULL)");
    const auto read_alone = dialect::mysql::read_type(type);
    REQUIRE(read_alone.has_value());
    CHECK(to_string(*read_alone) == to_string(read(*connection).tables.at(0).columns.at(0).type));
  }
  for (const std::string type : {"", "(3)", "int(", "int(a)", "varchar", "decimal(10,2", "enum()", "int unsigned x",
                                 "serial", "nvarchar(20)", "national char(3)", "set"}) {
    CAPTURE(type);
    CHECK_FALSE(dialect::mysql::read_type(type).has_value());
  }
}

}  // namespace whimbrel::test::mysql

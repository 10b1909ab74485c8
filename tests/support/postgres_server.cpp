#include "support/postgres_server.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <regex>
#include <stdexcept>

#include "dialect/dialect.h"
#include "whimbrel/error.h"
#include "whimbrel/postgres.h"

namespace whimbrel::test {

namespace {

std::vector<std::string> command_with(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"python3", WHIMBREL_POSTGRES_SERVER_SCRIPT};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

PostgresServer::PostgresServer(const std::vector<std::string>& arguments) : process_(command_with(arguments)) {
  const std::size_t host = process_.line().find("?host=");
  if (host == std::string::npos) {
    throw std::runtime_error("no PostgreSQL server for the tests; what postgres_server.py wrote says why");
  }
  directory_ = process_.line().substr(host + 6);
}

std::string PostgresServer::url(std::string_view database) const { return url_as("postgres", database); }

std::string PostgresServer::url_as(std::string_view role, std::string_view database) const {
  return "postgresql://" + std::string(role) + "@/" + std::string(database) + "?host=" + directory_;
}

/// They are in memory, and a run of all tests makes thousands.
void PostgresServer::drop_old_database() {
  constexpr int kept = 400;
  if (databases_ <= kept) return;
  try {
    maker_->run("DROP DATABASE IF EXISTS test_" + std::to_string(databases_ - kept));
  } catch (const Error&) {
    // A test still has a connection to it.
  }
}

std::string PostgresServer::fresh_database() {
  if (!maker_) maker_ = postgres::driver().open({.url = url()});
  const std::string name = "test_" + std::to_string(++databases_);
  // Copying files is the only way before version 15, and the faster one for a server that syncs nothing.
  const char* const strategy = maker_->version() >= 150000 ? " STRATEGY file_copy" : "";
  maker_->run("CREATE DATABASE " + name + " TEMPLATE template0" + strategy);
  drop_old_database();
  return url(name);
}

Rows::Data PostgresServer::run(std::string_view sql) const { return postgres::driver().open({.url = url()})->run(sql); }

namespace {

/// A table that inherits may have a NOT NULL of its own beside its parent's; the model does not tell them apart.
void leave_out_inherited_not_null(std::string& statement) {
  constexpr std::string_view not_null = " NOT NULL";
  if (statement.find("INHERITS (") == std::string::npos) return;
  for (std::size_t at; (at = statement.find(not_null)) != std::string::npos;) statement.erase(at, not_null.size());
}

/// PostgreSQL has these names since version 18, and the model does not know them.
std::string without_names_of_not_null(const std::string& statement) {
  static const std::regex named(R"( CONSTRAINT (\w+|"([^"]|"")+") NOT NULL)");
  return std::regex_replace(statement, named, " NOT NULL");
}

}  // namespace

std::vector<std::string> dumped_statements(const std::string& url) {
  const std::string command = "pg_dump --schema-only '" + url + "'";
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start pg_dump");
  std::vector<std::string> statements(1);
  std::array<char, 4096> line{};
  constexpr std::string_view origin = "-- Dumped from database version ";
  int version = 0;
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    const std::string_view text = line.data();
    if (text.starts_with(origin)) version = std::atoi(text.substr(origin.size()).data());
    const bool is_comment = text.starts_with("--") || text.starts_with("\\") || text == "\n";
    if (!is_comment) statements.back() += text;
    if (text.ends_with(";\n")) statements.emplace_back();
  }
  if (pclose(pipe) != 0) throw std::runtime_error("pg_dump failed");
  for (std::string& statement : statements) {
    statement = without_names_of_not_null(statement);
    if (version >= 18) leave_out_inherited_not_null(statement);
  }
  std::sort(statements.begin(), statements.end());
  return statements;
}

PostgresServer& postgres_server() {
  static PostgresServer server;
  return server;
}

bool has_postgres(int major) {
  static const int version = postgres::driver().open({.url = postgres_server().url()})->version();
  return version >= major * 10000;
}

std::string for_server(std::string sql) {
  struct Newer {
    int version;
    const char* pattern;
    const char* older;
  };
  // In a replacement $$ is one dollar sign.
  static const Newer all[] = {
      {13, R"(gen_random_uuid\(\))", "(md5((random())::text))::uuid"},
      {13, R"( \(siglen=\d+\))", ""},
      {13, "TRIGGER keep BEFORE", "TRIGGER keep AFTER"},  // On a partitioned table.
      {14, R"(BEGIN ATOMIC ([^;]*); END)", "AS $$$$$1$$$$"},
      {14, R"(ON \(x \+ 1\), z)", "ON x, z"},
      {14, R"(, ALTER \w+ SET COMPRESSION \w+)", ""},
      {15, " NULLS NOT DISTINCT", ""},
      {15, R"(ON DELETE SET NULL \(\w+\))", "ON DELETE SET NULL"},
  };
  for (const Newer& newer : all) {
    if (!has_postgres(newer.version)) sql = std::regex_replace(sql, std::regex(newer.pattern), newer.older);
  }
  return sql;
}

}  // namespace whimbrel::test

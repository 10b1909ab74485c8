#include "dialect/mysql/client/scratch_database.h"

#include <mysql.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// A node of a Galera cluster has the databases of all, but not their locks, so that the names say which are its own.
/// Only MariaDB runs the comment; 0: the server is not in a cluster.
std::string query_for_number() {
  return std::string("SELECT 0 /*M! + IF(") + is_in_cluster +
         ", 1 + CRC32((SELECT GROUP_CONCAT(VARIABLE_VALUE ORDER BY VARIABLE_NAME) FROM "
         "information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME IN ('HOSTNAME', 'PORT', 'WSREP_NODE_NAME', "
         "'WSREP_NODE_ADDRESS'))) MOD 9999999, 0) */";
}

/// The session only waits, and the server must not end it: otherwise the lock is lost.
constexpr const char* be_patient =
    "SET SESSION wait_timeout = 31536000, SESSION lock_wait_timeout = 10, SESSION sql_mode = ''";

std::string in_quotes(const std::string& text) { return sql::quote_string(text, mysql_syntax); }
std::string name_in_sql(const std::string& name) { return quote_name(name); }

/// In a GRANT an underscore stands for any character.
std::string pattern_in_sql(const std::string& name) {
  std::string pattern;
  for (const char c : name) pattern += c == '_' ? std::string("\\_") : std::string(1, c);
  return quote_name(pattern);
}

/// A name of a user has at most 32 characters.
std::string new_name(const std::string& number) {
  std::random_device device;
  std::array<char, 33> name{};
  std::snprintf(name.data(), name.size(), "whimbrel_scratch_%s_%07x", number.c_str(), device() & 0xfffffffU);
  return name.data();
}

/// With each kind of character that a server may insist on.
std::string new_password() {
  std::random_device device;
  std::string password = "Aa1!";
  for (int i = 0; i < 6; ++i) password += std::to_string(device());
  return password;
}

/// Splits `a@b`, as the server returns it.
std::string quoted_account(const std::string& text) {
  const std::size_t at = std::min(text.rfind('@'), text.size());
  return in_quotes(text.substr(0, at)) + '@' + in_quotes(text.substr(std::min(at + 1, text.size())));
}

/// Returns whether a line of SHOW GRANTS gives nothing outside scratch databases, or gives it to every user.
bool is_harmless(const std::string& grant) {
  return grant.starts_with("GRANT USAGE ON *.*") || grant.ends_with(" TO PUBLIC") ||
         grant.find(" ON `whimbrel\\_scratch\\_%`.* ") != std::string::npos ||
         grant.find(" ON `whimbrel_scratch_%`.* ") != std::string::npos;
}

[[noreturn]] void refuse_powerful(const std::string& user, const std::string& why, const Error& error) {
  throw Error(ErrorKind::unsafe, "The file could reach outside its scratch database: the user " + user +
                                     " has privileges beyond creating scratch databases, and " + why + error.what())
      .with_remedy(
          "Pass --scratch with a user that may create users, or one whose only privileges are those of: GRANT ALL ON "
          "`whimbrel\\_scratch\\_%`.*");
}

}  // namespace

ScratchDatabase::ScratchDatabase(const Destination& destination, ScratchOwner owner)
    : destination_(destination), maintenance_(connect(destination)), owner_(owner) {
  destination_.title = mariadb_connection(maintenance_.get()) != 0 ? "MariaDB" : "MySQL";
  rows_of(be_patient);
  const std::string node = rows_of(query_for_number()).at(0).at(0).value_or("0");
  drop_leftovers(node == "0" ? "[0-9]+" : node);
  name_ = new_name(node == "0" ? std::to_string(getpid()) : node);
  rows_of("SELECT get_lock(" + in_quotes(name_) + ", 0)");
  try {
    const TextRow defaults = rows_of("SELECT @@character_set_database, @@collation_database").at(0);
    rows_of("CREATE DATABASE " + name_in_sql(name_) + " CHARACTER SET " + defaults.at(0).value_or("utf8mb4") +
            " COLLATE " + defaults.at(1).value_or("utf8mb4_bin"));
    if (owner == ScratchOwner::confined_user) make_user();
    if (is_of_file()) {
      find_reach(connect(this->destination()).get());
    } else {
      find_others(maintenance_.get());
    }
    are_events_run_ = rows_of("SELECT @@GLOBAL.event_scheduler = 'ON'").at(0).at(0) == "1";
  } catch (Error& error) {
    drop();
    if (error.native_code() == error_code::database_denied) {
      error.with_remedy(
          "Migrations are verified in a scratch database. As an administrator, allow it: GRANT ALL ON "
          "`whimbrel\\_scratch\\_%`.* TO " +
          quoted_account(rows_of("SELECT current_user()").at(0).at(0).value_or("")) + ';');
    }
    throw;
  }
}

ScratchDatabase::~ScratchDatabase() { drop(); }

Destination ScratchDatabase::destination() const {
  Destination result = destination_;
  result.database = name_;
  if (user_.empty()) return result;
  result.user = name_;
  result.password = password_;
  return result;
}

std::vector<TextRow> ScratchDatabase::rows_of(const std::string& sql) const {
  return mysql::rows_of(
      maintenance_.get(), sql,
      {.database = describe(destination_, destination_.title) + ", where a scratch database is created"});
}

std::string ScratchDatabase::problem_with(const std::string& sql) const {
  try {
    rows_of(sql);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

void ScratchDatabase::require_inside(std::string_view statement) const {
  if (owner_ == ScratchOwner::same_user) return mysql::require_inside(statement, others_);
  if (has_more_) require_apart(statement, others_, are_events_run_);
}

/// A new user has nothing but the scratch database, unless the server gives more to every user.
void ScratchDatabase::find_reach(MYSQL* session) {
  find_others(session);
  const std::vector<TextRow> grants = mysql::rows_of(session, "SHOW GRANTS", {.database = name_});
  has_more_ = user_.empty() || !others_.empty() || std::any_of(grants.begin(), grants.end(), [](const TextRow& row) {
                return row.at(0).value_or("").ends_with(" TO PUBLIC");
              });
}

/// The server's own catalogs can only be read.
void ScratchDatabase::find_others(MYSQL* session) {
  const std::vector<TextRow> databases =
      mysql::rows_of(session, "SELECT schema_name FROM information_schema.schemata", {.database = name_});
  for (const TextRow& row : databases) {
    const std::string name = sql::to_lower(row.at(0).value_or(""));
    if (name != name_ && name != "information_schema" && name != "performance_schema") others_.insert(name);
  }
}

void ScratchDatabase::make_user() {
  const std::string current = quoted_account(rows_of("SELECT current_user()").at(0).at(0).value_or(""));
  const std::vector<TextRow> grants = rows_of("SHOW GRANTS");
  if (std::all_of(grants.begin(), grants.end(),
                  [](const TextRow& row) { return is_harmless(row.at(0).value_or("")); })) {
    return;
  }
  // The host is this one as the server sees it.
  const std::string seen = rows_of("SELECT user()").at(0).at(0).value_or("");
  const std::string user =
      in_quotes(name_) + '@' + in_quotes(seen.substr(std::min(seen.rfind('@'), seen.size() - 1) + 1));
  password_ = new_password();
  try {
    rows_of("CREATE USER " + user + " IDENTIFIED BY " + in_quotes(password_));
    user_ = user;
    rows_of("GRANT ALL ON " + pattern_in_sql(name_) + ".* TO " + user);
  } catch (const Error& error) {
    refuse_powerful(current, "it may not create a user without such privileges. ", error);
  }
}

void ScratchDatabase::drop() noexcept {
  try {
    const std::string statement = "DROP DATABASE IF EXISTS " + name_in_sql(name_);
    std::string problem = problem_with(statement);
    if (!problem.empty() && ends_connection(static_cast<int>(mysql_errno(maintenance_.get())))) {
      maintenance_ = connect(destination_);
      problem = problem_with(statement);
    }
    if (!user_.empty()) {
      const std::string of_user = problem_with("DROP USER IF EXISTS " + user_);
      if (problem.empty()) problem = of_user;
    }
    const auto code = static_cast<int>(mysql_errno(maintenance_.get()));
    if (problem.empty() || code == error_code::database_denied) return;
    // A destructor cannot throw, but leftovers on a server must be reported.
    std::fprintf(stderr, "warning: %s remains on the server; the next run drops it if possible: %s\n", name_.c_str(),
                 problem.c_str());
  } catch (const std::exception&) {
    return;  // The server is gone; the next run drops it.
  }
}

/// `number`: a regular expression for the first number of their names.
void ScratchDatabase::drop_leftovers(const std::string& number) {
  const std::string pattern = "'^whimbrel_scratch_" + number + "_[0-9a-f]+$'";
  const std::string databases =
      "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'whimbrel\\_scratch\\_%' AND "
      "schema_name REGEXP " +
      pattern + " AND is_free_lock(schema_name) = 1";
  for (const TextRow& row : rows_of(databases)) {
    static_cast<void>(problem_with("DROP DATABASE IF EXISTS " + name_in_sql(row.at(0).value_or(""))));
  }
  // The name is in quotes: 'a'@'localhost'.
  const std::string users =
      "SELECT DISTINCT grantee FROM information_schema.user_privileges WHERE grantee LIKE '\\'whimbrel\\_scratch\\_%' "
      "AND substring_index(substr(grantee, 2), '\\'@\\'', 1) REGEXP " +
      pattern + " AND is_free_lock(substring_index(substr(grantee, 2), '\\'@\\'', 1)) = 1";
  for (const TextRow& row : rows_of(users)) {
    static_cast<void>(problem_with("DROP USER IF EXISTS " + row.at(0).value_or("")));
  }
}

}  // namespace whimbrel::dialect::mysql

#include "dialect/connection.h"

#include <mysql.h>
#include <poll.h>

#include <algorithm>
#include <set>

#include "dialect/mysql/client/mysql_connection.h"
#include "dialect/mysql/client/scratch_database.h"
#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/url.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/mysql.h"

namespace whimbrel::dialect::mysql {

namespace {

using std::chrono::milliseconds;

/// Enough for TLS; the library's own is smaller.
constexpr std::size_t stack_of_waiting_calls = std::size_t{256} * 1024;

/// The session's variables that are set to other values than required_settings, or have other names in one of the
/// databases, in the order of the query.
constexpr const char* facts_query =
    "SELECT version(), @@version_comment, connection_id(), current_user(), database(), @@lower_case_table_names,"
    " @@character_set_database, @@collation_database, @@SESSION.sql_mode, @@SESSION.character_set_client,"
    " @@SESSION.character_set_results, @@SESSION.collation_connection, @@SESSION.lock_wait_timeout,"
    " @@SESSION.innodb_lock_wait_timeout";
enum Fact {
  version,
  comment,
  session,
  account,
  database,
  lower_case_table_names,
  character_set,
  collation,
  sql_mode,
  client_character_set,
  result_character_set,
  connection_collation,
  lock_wait_timeout,
  innodb_lock_wait_timeout,
  first_required_setting,
};

/// The server's unit is a second; MySQL does not accept 0.
std::string lock_timeout_of(milliseconds busy_timeout) {
  constexpr milliseconds::rep longest = 31536000;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(busy_timeout).count();
  return std::to_string(std::clamp<milliseconds::rep>(seconds, 1, longest));
}

std::string text_of(const std::optional<std::string>& value) { return value.value_or(""); }

std::string required_sql_mode(const std::string& current) {
  std::set<std::string> modes(std::begin(required_modes), std::end(required_modes));
  for (const sql::Token& token : sql::tokenize(current, mysql_syntax)) {
    if (token.kind == sql::TokenKind::word) modes.insert(std::string(token.text));
  }
  for (const char* const mode : excluded_modes) modes.erase(mode);
  std::string result;
  for (const std::string& mode : modes) result += (result.empty() ? "" : ",") + mode;
  return result;
}

std::string assignment(const RequiredSetting& setting, const std::string& value) {
  return std::string(", SESSION ") + setting.name + " = " +
         (setting.is_text ? sql::quote_string(value, mysql_syntax) : value);
}

/// The collation determines the other two variables of a pair.
std::string set_names(const std::string& client, const std::string& results, const std::string& collation) {
  return "SET SESSION character_set_client = " + client +
         ", SESSION character_set_results = " + (results.empty() ? "NULL" : results) +
         ", SESSION collation_connection = " + collation;
}

}  // namespace

MysqlConnection::MysqlConnection(Handle handle, Destination destination, ConnectionOptions options,
                                 std::shared_ptr<ScratchDatabase> scratch)
    : scratch_(std::move(scratch)),
      handle_(std::move(handle)),
      destination_(std::move(destination)),
      options_(std::move(options)),
      description_((scratch_ ? "scratch " : "") + describe(destination_, destination_.title)) {
  make_settings();
}

MysqlConnection::~MysqlConnection() {
  if (restore_.empty() || is_lost_) return;
  mysql_real_query(handle_.get(), restore_.data(), static_cast<unsigned long>(restore_.size()));
}

/// Reads the facts, then sets what is required; for a connection of the program, remembers how it was.
void MysqlConnection::make_settings() {
  can_wait_ = mysql_options(handle_.get(), MYSQL_OPT_NONBLOCK, &stack_of_waiting_calls) == 0;
  std::string query = facts_query;
  for (const RequiredSetting& setting : required_settings) query += std::string(", @@SESSION.") + setting.name;
  query += std::string(" /*M!, ") + is_in_cluster;  // Only MariaDB runs it.
  for (const RequiredSetting& setting : mariadb_settings) query += std::string(", @@SESSION.") + setting.name;
  query += " */";
  const TextRow facts = rows_of(handle_.get(), query, {.database = description_}).at(0);

  const ServerIdentity identity =
      read_identity(text_of(facts[Fact::version]), text_of(facts[comment]), describe(destination_, "MariaDB"));
  destination_.title = identity.is_mariadb ? "MariaDB" : "MySQL";
  destination_.database = text_of(facts[Fact::database]);
  if (destination_.database.empty()) {
    throw Error(ErrorKind::usage,
                "The connection to the " + describe(destination_, destination_.title) + " has no database selected.")
        .with_remedy("Name one in the URL, or select one with mysql_select_db().");
  }
  description_ = (scratch_ ? "scratch " : "") + describe(destination_, destination_.title);
  session_ = std::stoull(text_of(facts[session]));
  const std::string user = text_of(facts[account]);
  const std::size_t at = std::min(user.rfind('@'), user.size());
  account_ = '\'' + user.substr(0, at) + "'@'" + user.substr(std::min(at + 1, user.size())) + '\'';
  facts_ = {.flavour = identity.is_mariadb ? "mariadb" : "mysql",
            .version = identity.version,
            .settings = {{"lower_case_table_names", text_of(facts[lower_case_table_names])},
                         {"character_set_database", text_of(facts[character_set])},
                         {"collation_database", text_of(facts[collation])}}};
  const std::size_t cluster_fact = first_required_setting + std::size(required_settings);
  const bool is_node = facts.size() > cluster_fact && facts[cluster_fact] == "1";
  if (is_node) facts_.settings.emplace("galera", "1");
  is_lost_ = false;

  const bool is_owned = handle_.get_deleter().owned;
  const std::string timeout = lock_timeout_of(options_.busy_timeout);
  std::string settings = "SET NAMES utf8mb4, SESSION sql_mode = " +
                         sql::quote_string(required_sql_mode(text_of(facts[sql_mode])), mysql_syntax) +
                         ", SESSION lock_wait_timeout = " + timeout + ", SESSION innodb_lock_wait_timeout = " + timeout;
  for (const RequiredSetting& setting : required_settings) settings += assignment(setting, setting.value);
  if (identity.is_mariadb) {
    for (const RequiredSetting& setting : mariadb_settings) settings += assignment(setting, setting.value);
  }
  // A run may wait for an answer of the user, or for a lock, longer than the server waits for a web page.
  if (is_owned) settings += ", SESSION wait_timeout = 86400, SESSION net_write_timeout = 3600";
  // Makes the transactions of the session read-only, so that the server refuses changes of rows and of the schema.
  if (is_owned && options_.read_only) {
    settings += identity.is_mariadb && identity.version < 110100 ? ", SESSION tx_read_only = 1"
                                                                 : ", SESSION transaction_read_only = 1";
  }
  const std::string of_cluster = is_node ? make_cluster_settings() : std::string();
  static_cast<void>(rows_of(handle_.get(), settings, {.database = description_}));
  in_transaction_ = is_status_old_ = false;
  if (is_owned) return;
  restore_ = set_names(text_of(facts[client_character_set]), text_of(facts[result_character_set]),
                       text_of(facts[connection_collation])) +
             ", SESSION sql_mode = " + sql::quote_string(text_of(facts[sql_mode]), mysql_syntax) +
             ", SESSION lock_wait_timeout = " + text_of(facts[lock_wait_timeout]) +
             ", SESSION innodb_lock_wait_timeout = " + text_of(facts[innodb_lock_wait_timeout]);
  for (std::size_t i = 0; i < std::size(required_settings); ++i) {
    restore_ += assignment(required_settings[i], text_of(facts[first_required_setting + i]));
  }
  for (std::size_t i = 0; identity.is_mariadb && i < std::size(mariadb_settings); ++i) {
    restore_ += assignment(mariadb_settings[i], text_of(facts[cluster_fact + 1 + i]));
  }
  restore_ += of_cluster;
}

/// Returns the assignments that restore them.
std::string MysqlConnection::make_cluster_settings() {
  std::string query = "SELECT @@SESSION.wsrep_on";
  std::string settings;
  for (const RequiredSetting& setting : cluster_settings) {
    query += std::string(", @@SESSION.") + setting.name;
    settings += (settings.empty() ? "SET" : ",") + assignment(setting, setting.value).substr(1);
  }
  const TextRow facts = rows_of(handle_.get(), query, {.database = description_}).at(0);
  if (facts[0] != "1") {
    throw Error(ErrorKind::usage, "wsrep_on is off for the connection to the " + description_ +
                                      ", so its changes would not be replicated to other nodes.")
        .with_remedy("Enable it first: SET SESSION wsrep_on = ON.");
  }
  static_cast<void>(rows_of(handle_.get(), settings, {.database = description_}));
  std::string restore;
  for (std::size_t i = 0; i < std::size(cluster_settings); ++i) {
    restore += assignment(cluster_settings[i], text_of(facts[1 + i]));
  }
  return restore;
}

bool MysqlConnection::is_transaction_active() const {
  if (is_status_old_ && running_ == nullptr) renew_status();
  return !is_lost_ && in_transaction_;
}

void MysqlConnection::interrupt() noexcept {
  interrupted_ = true;
  wakeup_.ring();
}

void MysqlConnection::reconnect_if_lost() {
  if (depth_ > 0 || !handle_.get_deleter().owned) return;
  // A closed connection is readable, or the server has sent why it ended the session.
  pollfd descriptor{mysql_get_socket(handle_.get()), POLLIN, 0};
  if (!is_lost_ && poll(&descriptor, 1, 0) > 0) is_lost_ = mysql_ping(handle_.get()) != 0;
  if (!is_lost_) return;
  if (in_transaction_ && !is_loss_told_) {
    is_loss_told_ = true;
    throw Error(ErrorKind::connection,
                "The connection to the " + description_ + " was lost in the middle of a transaction.")
        .with_remedy("Uncommitted changes were rolled back. Start the transaction again.");
  }
  kept_.clear();
  handle_ = connect(destination_);
  is_loss_told_ = false;
  make_settings();
}

namespace {

void require_database(const Destination& destination, const ConnectionOptions& options) {
  if (!destination.database.empty() || destination.files.contains("defaults-file") ||
      destination.files.contains("defaults-group")) {
    return;
  }
  throw Error(ErrorKind::usage, "The database URL \"" + without_password(options.url) + "\" names no database.")
      .with_remedy("Add its name: mysql://user@host:3306/database.");
}

std::unique_ptr<Connection> make_scratch(const Destination& destination, const ConnectionOptions& options) {
  auto scratch = std::make_shared<ScratchDatabase>(
      destination, options.confined ? ScratchOwner::confined_user : ScratchOwner::same_user);
  Destination own = scratch->destination();
  Handle handle = connect(own);
  ConnectionOptions scratch_options = options;
  scratch_options.read_only = false;
  return std::make_unique<MysqlConnection>(std::move(handle), std::move(own), scratch_options, std::move(scratch));
}

std::unique_ptr<Connection> open(const ConnectionOptions& options) {
  Destination destination = read_url(options.url);
  require_database(destination, options);
  Handle handle = connect(destination);
  return std::make_unique<MysqlConnection>(std::move(handle), std::move(destination), options);
}

// The server need not have the URL's database.
std::unique_ptr<Connection> open_scratch_database(const ConnectionOptions& options) {
  Destination destination = read_url(options.url);
  try {
    return make_scratch(destination, options);
  } catch (const Error& error) {
    if (error.native_code() != error_code::unknown_database || destination.database.empty()) throw;
    destination.database.clear();
    return make_scratch(destination, options);
  }
}

std::unique_ptr<Connection> attach(void* native, const ConnectionOptions& options) {
  auto* const connection = static_cast<MYSQL*>(native);
  if (connection == nullptr) throw Error(ErrorKind::usage, "The program's MariaDB connection is a null pointer.");
  if (mysql_get_socket(connection) == MARIADB_INVALID_SOCKET) {
    throw Error(ErrorKind::usage, "The program's MariaDB connection is not open.")
        .with_remedy("Pass a connection for which mysql_real_connect() has succeeded.");
  }
  if (connection->status != MYSQL_STATUS_READY || (connection->server_status & SERVER_STATUS_IN_TRANS) != 0) {
    throw Error(ErrorKind::usage, "The program's MariaDB connection is inside a transaction or busy.")
        .with_remedy("Commit or roll back, and fetch all results, before you pass the connection to whimbrel.");
  }
  auto result = std::make_unique<MysqlConnection>(Handle(connection, CloseConnection{false}),
                                                  destination_of(connection), options);
  return result;
}

constexpr const char* schemes[] = {"mysql", "mariadb", nullptr};

}  // namespace

std::unique_ptr<Connection> MysqlConnection::open_again() const {
  ConnectionOptions options = options_;
  options.read_only = false;
  const bool is_of_file = scratch_ != nullptr && scratch_->is_of_file();
  auto again =
      std::make_unique<MysqlConnection>(connect(destination_), destination_, options, is_of_file ? scratch_ : nullptr);
  again->description_ = description_;
  return again;
}

std::unique_ptr<Connection> MysqlConnection::open_at(const std::string& address) const {
  const std::size_t colon = address.rfind(':');
  const bool is_bracketed = address.starts_with('[') && colon != std::string::npos && address[colon - 1] == ']';
  Destination there = destination_;
  there.socket.clear();
  there.is_tcp = true;
  there.connect_timeout = std::min(there.connect_timeout, 3U);
  there.host = is_bracketed ? address.substr(1, colon - 2) : address.substr(0, colon);
  there.port = colon == std::string::npos ? 0 : static_cast<unsigned>(std::strtoul(&address[colon + 1], nullptr, 10));
  try {
    return std::make_unique<MysqlConnection>(connect(there), there, options_);
  } catch (const Error&) {
    return nullptr;
  }
}

std::unique_ptr<Connection> MysqlConnection::open_scratch() const {
  try {
    return make_scratch(destination_, options_);
  } catch (const Error& error) {
    if (error.native_code() == error_code::database_denied || error.native_code() == error_code::read_only_mode ||
        error.native_code() == error_code::option_prevents) {
      return nullptr;
    }
    throw;
  }
}

}  // namespace whimbrel::dialect::mysql

const whimbrel::Driver& whimbrel::mysql::driver() {
  static const Driver instance{dialect::mysql::make_dialect, dialect::mysql::open, dialect::mysql::attach,
                               dialect::mysql::open_scratch_database, dialect::mysql::schemes};
  return instance;
}

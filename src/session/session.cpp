#include "session/session.h"

#include <algorithm>
#include <utility>

#include "model/version.h"
#include "session/logged_connection.h"
#include "session/url.h"

namespace whimbrel::session {

namespace {

const Driver& driver_for(const DataSourceOptions& options) {
  const Driver* const given = options.connection.driver;
  return given == nullptr ? find_driver(options.drivers, options.url) : *given;
}

/// Returns DataSourceOptions::server_version in the format of Connection::version(); the newest version if it is not
/// set.
int declared_version(const DataSourceOptions& options) {
  const std::string& text = options.server_version;
  if (text.empty()) return dialect::newest_version;
  if (const std::optional<int> version = model::read_version(text)) return *version;
  throw Error(ErrorKind::usage, "DataSourceOptions::server_version is \"" + text + "\", which is not a version.")
      .with_remedy(
          "Set it in the program, as the database writes versions: \"15\", \"3.40.1\". The commands have no option for "
          "it.");
}

/// Returns the options with the migrations of the driver's database only.
DataSourceOptions narrow(DataSourceOptions options) {
  if (options.migrations.databases == nullptr) return options;
  const std::string database(driver_for(options).make_dialect({})->name());
  options.migrations = list_for(options.migrations, database);
  if (!options.migrations_directory.empty()) options.migrations_directory += '/' + database;
  return options;
}

std::string table_name(const DataSourceOptions& options) {
  if (!options.migrations_table.empty()) return options.migrations_table;
  throw Error(ErrorKind::usage, "DataSourceOptions::migrations_table is empty.")
      .with_remedy(
          "Set it in the program to the name of the history table, or omit it for \"migrations\". The commands have no "
          "option for it.");
}

}  // namespace

Session::Session(DataSourceOptions options, Access access)
    : options_(narrow(std::move(options))),
      access_(access),
      driver_(&driver_for(options_)),
      migrations_(read_list(options_.migrations)),
      declared_(make_known({})) {
  migrations_by_name_.reserve(migrations_.size());
  for (const KnownMigration& migration : migrations_) migrations_by_name_.emplace(migration.name, &migration);
}

Session::Known Session::make_known(dialect::ServerFacts server) const {
  server.version = std::min(server.version, declared_version(options_));
  std::unique_ptr<const dialect::Dialect> dialect = driver_->make_dialect(server);
  history::History history(*dialect, table_name(options_));
  history::Journal journal(*dialect, history.table_name());
  std::vector<std::string> own_tables = history::own_tables(*dialect, history.table_name());
  return {std::move(dialect), std::move(history), std::move(journal), std::move(own_tables)};
}

const KnownMigration* Session::find_migration(std::string_view name) const {
  const auto found = migrations_by_name_.find(name);
  return found == migrations_by_name_.end() ? nullptr : found->second;
}

bool Session::is_own_table(const std::string& table) const {
  const std::vector<std::string>& own = known().own_tables;
  return std::any_of(own.begin(), own.end(),
                     [&](const std::string& name) { return dialect().same_name(model::NameKind::table, table, name); });
}

const NamingStrategy& Session::naming() const {
  return options_.naming == nullptr ? typeorm_naming() : *options_.naming;
}

const entity::Described& Session::described() {
  std::optional<entity::Described>& known_described = known().described;
  if (known_described) return *known_described;
  entity::Described described = entity::describe(options_.entities, dialect(), options_.entity_prefix, naming());
  for (const model::Table& table : described.schema.tables) {
    if (!table.name.schema.empty() || !is_own_table(table.name.name)) continue;
    throw Error(ErrorKind::entity, "entity \"" + table.entity.value + "\": the table \"" + table.name.name +
                                       "\" is the migration history table")
        .with_remedy(
            "Rename the entity's table: table({.name = \"...\"}); or store the history in a different one: "
            "DataSourceOptions::migrations_table.");
  }
  return known_described.emplace(std::move(described));
}

dialect::InspectScope Session::scope() { return {.schemas = desired().schemas, .objects = true}; }

void Session::connect_to(std::unique_ptr<dialect::Connection> connection) {
  connected_.emplace(make_known(connection->server()));
  connection->on_notice([this](const std::string& line) { log(LogLevel::notice, line); });
  if (options_.logger != nullptr) {
    connection = std::make_unique<LoggedConnection>(std::move(connection), dialect().syntax(),
                                                    [this](const std::string& line) { log(LogLevel::query, line); });
  }
  // Before the first migration is written, no database of the program exists anyway.
  const std::string file = migrations_.empty() ? std::string() : connection->absent_file();
  if (!file.empty()) log(LogLevel::notice, file + " does not exist yet; it will be created.");
  connection_ = std::move(connection);
  running_ = connection_.get();
}

std::unique_ptr<dialect::Connection> Session::open_scratch() const {
  return driver_->open_scratch({options_.url, options_.busy_timeout});
}

dialect::Connection& Session::connection() {
  if (connection_) return *connection_;
  const dialect::ConnectionOptions options{options_.url, options_.busy_timeout, access_ == Access::read_only,
                                           access_ == Access::existing};
  const bool is_given = options_.connection.driver != nullptr;
  connect_to(is_given ? driver_->attach(options_.connection.handle, options) : driver_->open(options));
  return *connection_;
}

void Session::require_own() {
  dialect::Connection& database = connection();
  if (history().read(database).table_exists) return;
  dialect().require_own(database, options_.application_id);
}

void Session::log(LogLevel level, const std::string& line) const {
  if (options_.logger != nullptr) options_.logger(level, line.c_str(), options_.logger_context);
}

void Session::warn(const std::string& line) {
  if (warnings_.insert(line).second) log(LogLevel::warning, line);
}

void Session::interrupt() noexcept {
  interrupted_ = true;
  if (dialect::Connection* connection = running_) connection->interrupt();
}

// The flag remains set during a command, so that a migration that catches the error is stopped at its next statement.
void Session::stop_if_interrupted() {
  const bool interrupted = working_ ? interrupted_.load() : interrupted_.exchange(false);
  if (interrupted) throw Error(ErrorKind::interrupted, "Interrupted.");
}

Session::Work::Work(Session& session) : session_(session) {
  if (session.interrupted_.exchange(false))
    throw Error(ErrorKind::interrupted, "Interrupted before anything was done.");
  session.connection().reconnect_if_lost();
  if (!session.connection().is_transaction_active()) {
    session.working_ = true;
    return;
  }
  throw Error(ErrorKind::usage, "A transaction is active on the " + session.connection().description() + '.')
      .with_remedy("Commit it or roll it back first.");
}

Session::Work::~Work() {
  session_.working_ = false;
  session_.interrupted_ = false;
}

}  // namespace whimbrel::session

#include "session/session.h"

#include <utility>

#include "session/logged_connection.h"
#include "session/url.h"

namespace whimbrel::run {

namespace {

const Driver& driver_for(const DataSourceOptions& options) {
  const Driver* const given = options.connection.driver;
  return given == nullptr ? find_driver(options.drivers, options.url) : *given;
}

std::string table_name(const DataSourceOptions& options) {
  if (!options.migrations_table.empty()) return options.migrations_table;
  throw Error(ErrorKind::usage, "DataSourceOptions::migrations_table is empty.")
      .with_remedy("Name the table of the history, or leave the option out for \"migrations\".");
}

}  // namespace

Session::Session(DataSourceOptions options, Access access)
    : options_(std::move(options)),
      access_(access),
      driver_(&driver_for(options_)),
      migrations_(read_list(options_.migrations)),
      history_(*driver_->dialect, table_name(options_)) {
  migrations_by_name_.reserve(migrations_.size());
  for (const KnownMigration& migration : migrations_) migrations_by_name_.emplace(migration.name, &migration);
}

const KnownMigration* Session::find_migration(std::string_view name) const {
  const auto found = migrations_by_name_.find(name);
  return found == migrations_by_name_.end() ? nullptr : found->second;
}

const NamingStrategy& Session::naming() const {
  return options_.naming == nullptr ? typeorm_naming() : *options_.naming;
}

const entity::Described& Session::described() {
  if (described_) return *described_;
  entity::Described described = entity::describe(options_.entities, dialect(), options_.entity_prefix, naming());
  const std::string history = dialect().fold(history_.table_name());
  for (const model::Table& table : described.schema.tables) {
    if (!table.name.schema.empty() || dialect().fold(table.name.name) != history) continue;
    throw Error(ErrorKind::entity, "entity \"" + table.entity.value + "\": the table \"" + table.name.name +
                                       "\" is the one in which the history of migrations is kept")
        .with_remedy(
            "Give it another name: table({.name = \"...\"}); or keep the history in another table: "
            "DataSourceOptions::migrations_table.");
  }
  described_ = std::move(described);
  return *described_;
}

dialect::Scope Session::scope() { return {desired().schemas, false}; }

void Session::connect_to(std::unique_ptr<dialect::Connection> connection) {
  connection_ = std::move(connection);
  connection_->on_notice([this](const std::string& line) { log(LogLevel::notice, line); });
  if (options_.logger != nullptr) {
    connection_ = std::make_unique<LoggedConnection>(std::move(connection_),
                                                     [this](const std::string& line) { log(LogLevel::query, line); });
  }
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
  if (history_.read(connection()).table_exists) return;
  dialect().require_own(connection(), options_.application_id);
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

// Within a command the flag stays, so that a migration which catches the error is stopped at its next statement.
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

}  // namespace whimbrel::run

#include "whimbrel/data_source.h"

#include "change/synchronize.h"
#include "run/runner.h"
#include "session/backend.h"

namespace whimbrel {

class DataSource::Implementation {
 public:
  explicit Implementation(DataSourceOptions options) : session(std::move(options)) {}

  session::Session session;
  session::ConnectionBackend backend{session, nullptr, false};
  QueryRunner runner{backend};
};

DataSource::DataSource(DataSourceOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {
  static_cast<void>(implementation_->session.desired());
}

DataSource::DataSource(DataSource&&) noexcept = default;
DataSource& DataSource::operator=(DataSource&&) noexcept = default;
DataSource::~DataSource() = default;

void DataSource::initialize() {
  const DataSourceOptions& options = implementation_->session.options();
  static_cast<void>(implementation_->session.connection());
  if (options.drop_schema) drop_schema();
  if (options.migrations_run) run_migrations();
  if (options.synchronize) synchronize();
}

std::vector<std::string> DataSource::run_migrations() {
  std::vector<std::string> names;
  for (run::MigrationResult& applied : run::run_migrations(implementation_->session)) {
    names.push_back(std::move(applied.name));
  }
  return names;
}

std::string DataSource::revert_last_migration() {
  const std::vector<run::MigrationResult> reverted = run::revert_migrations(implementation_->session);
  return reverted.empty() ? std::string() : reverted.front().name;
}

std::vector<std::string> DataSource::pending_migrations() { return run::pending_migrations(implementation_->session); }

void DataSource::synchronize() {
  change::SynchronizeOptions options;
  options.mode = implementation_->session.options().synchronize_mode;
  change::synchronize(implementation_->session, options);
}

void DataSource::drop_schema() { change::drop_schema(implementation_->session); }

QueryRunner& DataSource::query_runner() { return implementation_->runner; }

void DataSource::interrupt() noexcept { implementation_->session.interrupt(); }

}  // namespace whimbrel

#include "unit/run/fixture.h"

#include <array>
#include <filesystem>
#include <utility>

#include "dialect/dialect.h"

namespace whimbrel::fixture {

namespace {

const std::vector<Script>* current = nullptr;

class ScriptedMigration final : public Migration {
 public:
  explicit ScriptedMigration(const Script& script) : script_(script) {}
  void up(QueryRunner& query_runner) override { script_.up(query_runner); }
  void down(QueryRunner& query_runner) override { script_.down(query_runner); }
  MigrationTransaction transaction() const override { return script_.transaction; }

 private:
  const Script& script_;
};

using Lend = void (*)(MigrationUse* use, void* context);

template <std::size_t... Numbers>
constexpr auto lend_functions(std::index_sequence<Numbers...>) {
  return std::array<Lend, sizeof...(Numbers)>{+[](MigrationUse* use, void* context) {
    ScriptedMigration migration(current->at(Numbers));
    use(migration, context);
  }...};
}

constexpr auto lend = lend_functions(std::make_index_sequence<8>());

}  // namespace

std::function<void(QueryRunner&)> statements(std::vector<std::string> sql) {
  return [sql = std::move(sql)](QueryRunner& query_runner) {
    for (const std::string& statement : sql) query_runner.query(statement);
  };
}

Program::Program(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
  for (std::size_t i = 0; i < scripts_.size(); ++i) {
    const char* checksum = scripts_[i].checksum.empty() ? nullptr : scripts_[i].checksum.c_str();
    entries_.push_back({scripts_[i].name.c_str(), lend.at(i), checksum});
  }
  current = &scripts_;
}

MigrationList Program::list() const {
  current = &scripts_;
  return {entries_.data(), entries_.size(), nullptr};
}

std::string Database::url() const { return "sqlite:" + directory_.file("app.db"); }

bool Database::exists() const { return std::filesystem::exists(directory_.file("app.db")); }

DataSourceOptions Database::options(const Program& program) const {
  DataSourceOptions options;
  options.url = url();
  options.migrations = program.list();
  return options;
}

std::string Database::query(const std::string& sql) const {
  dialect::ConnectionOptions options;
  options.url = url();
  std::string text;
  for (const std::vector<Value>& row : sqlite::driver().open(options)->run(sql).values) {
    text += text.empty() ? "" : "\n";
    for (std::size_t i = 0; i < row.size(); ++i)
      text += (i > 0 ? "|" : "") + (row[i].is_null() ? "NULL" : row[i].text());
  }
  return text;
}

std::string Database::tables() const {
  return query(
      "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema "
      "WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name)");
}

std::string Database::history() const {
  if (tables().find("migrations") == std::string::npos) return "no table";
  return query("SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM migrations ORDER BY id)");
}

void Log::attach(DataSourceOptions& options) {
  options.logger_context = this;
  options.logger = [](LogLevel level, const char* line, void* context) {
    Log& log = *static_cast<Log*>(context);
    std::vector<std::string>* const lists[] = {&log.errors, &log.warnings, &log.notices, &log.steps, &log.queries};
    lists[static_cast<std::size_t>(level)]->emplace_back(line);
  };
}

Error error_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return {ErrorKind::internal, ""};
}

bool mentions(const Error& error, const std::string& text) {
  return (error.what() + ('\n' + error.remedy()) + '\n' + error.migration()).find(text) != std::string::npos;
}

}  // namespace whimbrel::fixture

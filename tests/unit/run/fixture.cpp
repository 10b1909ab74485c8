#include "unit/run/fixture.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dialect/dialect.h"
#include "run/url.h"

namespace whimbrel::fixture {

namespace {

const std::vector<Script>* current = nullptr;

class ScriptedMigration final : public Migration {
 public:
  explicit ScriptedMigration(const Script& script) : script_(script) {}
  void up(QueryRunner& query_runner) override { script_.up(query_runner); }
  void down(QueryRunner& query_runner) override { script_.down(query_runner); }
  MigrationTransaction transaction() const override { return script_.transaction; }
  const char* tables() const override { return script_.tables ? script_.tables->c_str() : nullptr; }

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

std::unique_ptr<dialect::Connection> open(const std::string& url) {
  return run::find_driver(detail::linked_drivers(), url).open({.url = url});
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
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

DataSourceOptions AnyDatabase::options(const Program& program) const {
  DataSourceOptions options;
  options.url = url();
  options.migrations = program.list();
  return options;
}

std::string AnyDatabase::query(const std::string& sql) const {
  std::string text;
  for (const std::vector<Value>& row : open(url_)->run(sql).values) {
    text += text.empty() ? "" : "\n";
    for (std::size_t i = 0; i < row.size(); ++i)
      text += (i > 0 ? "|" : "") + (row[i].is_null() ? "NULL" : row[i].text());
  }
  return text;
}

std::string AnyDatabase::tables() const {
  std::vector<std::string> names;
  for (const model::Table& table : schema().tables) names.push_back(to_string(table.name));
  std::sort(names.begin(), names.end());
  return names.empty() ? "NULL" : joined(names);
}

std::string AnyDatabase::columns(const std::string& table) const {
  std::vector<std::string> names;
  const model::Schema found = schema();
  for (const model::Column& column : found.find_table(table)->columns) names.push_back(column.name);
  return joined(names);
}

std::string AnyDatabase::history() const {
  if (tables().find("migrations") == std::string::npos) return "no table";
  std::vector<std::string> names;
  for (const std::vector<Value>& row : open(url_)->run("SELECT name FROM migrations ORDER BY id").values) {
    names.push_back(row[0].text());
  }
  return joined(names);
}

model::Schema AnyDatabase::schema() const {
  return run::find_driver(detail::linked_drivers(), url_).dialect->inspect(*open(url_), {});
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

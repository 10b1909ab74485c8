#pragma once

#include <string>
#include <utility>
#include <vector>

#include "whimbrel/query_runner.h"

namespace bench {

inline constexpr int migration_count = 1000;

/// Returns the statement of a migration.
using StatementOf = std::string (*)(int number);

/// Migrations of one statement each.
class SmallMigrations {
 public:
  explicit SmallMigrations(StatementOf statement)
      : SmallMigrations(statement, std::make_integer_sequence<int, migration_count>{}) {}

  [[nodiscard]] whimbrel::MigrationList list() const { return {entries_.data(), entries_.size(), nullptr}; }

 private:
  class Small final : public whimbrel::Migration {
   public:
    explicit Small(int number) : number_(number) {}
    void up(whimbrel::QueryRunner& query_runner) override { query_runner.query(statement_(number_)); }
    void down(whimbrel::QueryRunner&) override {}

   private:
    int number_;
  };

  template <int number>
  static void with_instance(whimbrel::MigrationUse* use, void* context) {
    Small migration(number);
    use(migration, context);
  }

  template <int... numbers>
  SmallMigrations(StatementOf statement, std::integer_sequence<int, numbers...>) {
    statement_ = statement;
    for (int i = 0; i < migration_count; ++i) names_.push_back("Step" + std::to_string(1700000000000 + i));
    entries_ = {{names_[numbers].c_str(), with_instance<numbers>, nullptr}...};
  }

  inline static StatementOf statement_ = nullptr;
  std::vector<std::string> names_;
  std::vector<whimbrel::MigrationEntry> entries_;
};

}  // namespace bench

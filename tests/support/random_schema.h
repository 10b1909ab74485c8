#pragma once

#include <random>
#include <string>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::test {

/// Random schemas that SQLite accepts, and random changes of them: the same seed gives the same schemas everywhere.
class RandomSchema {
 public:
  explicit RandomSchema(std::uint64_t seed) : engine_(seed) {}

  /// A schema of a few tables that refer to each other.
  [[nodiscard]] model::Schema schema();
  /// Another one that shares tables, columns and constraints with it.
  [[nodiscard]] model::Schema changed(model::Schema schema);

  /// From 0 to below `bound`.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool chance(unsigned percent) { return engine_() % 100 < percent; }
  template <class T>
  const T& pick(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  model::Table table(const std::string& name, const model::Schema& others);
  model::Column column(const std::string& name);
  void constraints(model::Table& table, const model::Schema& others);
  void change(model::Table& table, const model::Schema& schema);
  void repair(model::Schema& schema);
  std::string free_name(const std::vector<std::string>& pool, const std::vector<std::string>& taken);

  std::mt19937_64 engine_;
};

}  // namespace whimbrel::test

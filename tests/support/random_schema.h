#pragma once

#include <string>
#include <vector>

#include "support/random.h"
#include "whimbrel/model.h"

namespace whimbrel::test {

/// Random schemas that SQLite accepts, and random changes of them: the same seed gives the same schemas everywhere.
class RandomSchema : public Random {
 public:
  using Random::Random;

  /// A schema of a few tables that refer to each other.
  [[nodiscard]] model::Schema schema();
  /// Another one that shares tables, columns and constraints with it.
  [[nodiscard]] model::Schema changed(model::Schema schema);

 private:
  model::Table table(const std::string& name, const model::Schema& others);
  model::Column column(const std::string& name);
  void constraints(model::Table& table, const model::Schema& others);
  void change(model::Table& table, const model::Schema& schema);
  void repair(model::Schema& schema);
  std::string free_name(const std::vector<std::string>& pool, const std::vector<std::string>& taken);
};

}  // namespace whimbrel::test

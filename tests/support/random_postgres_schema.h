#pragma once

#include <string>

#include "support/random.h"
#include "whimbrel/model.h"

namespace whimbrel::test {

/// Random schemas that PostgreSQL accepts, and random changes of them.
class RandomPostgresSchema : public Random {
 public:
  using Random::Random;

  [[nodiscard]] model::Schema schema();
  /// Another one that shares tables, columns, enums and constraints with it.
  [[nodiscard]] model::Schema changed(model::Schema schema);

 private:
  model::Table table(const std::string& name, const model::Schema& schema);
  model::Column column(const std::string& name, const model::Schema& schema);
  void key(model::Table& table);
  void constraints(model::Table& table, const model::Schema& schema);
  void foreign_key(model::Table& table, const model::Schema& schema);
  void index(model::Table& table);
  void computed(model::Table& table);
  void change(model::Table& table, const model::Schema& schema);
  void change_enums(model::Schema& schema);
  std::string free_name(const std::vector<std::string>& pool, const std::vector<std::string>& taken);
  /// A name that no other constraint or index has.
  std::string constraint_name(const char* prefix) { return prefix + std::to_string(++names_); }

  int names_ = 0;
};

}  // namespace whimbrel::test

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"

namespace whimbrel::dialect::sqlite {

/// Keeps what ANALYZE found out about tables that are rebuilt: DROP TABLE deletes it, and queries would become slow.
class TableStatistics {
 public:
  explicit TableStatistics(Connection& connection) : connection_(connection) {}

  /// Call it before the DROP TABLE of a table that a copy replaces.
  void before_drop(const std::string& table);
  /// Call it when the copy has the name of the table. Statistics of an index that is a different one now are left out.
  void restore();

 private:
  struct Statistic {
    std::string table;
    Value index;  ///< Null: of the table itself.
    Value numbers;
    std::string columns;  ///< What the index contains.
  };

  [[nodiscard]] std::string columns_of(const Value& index) const;

  Connection& connection_;
  std::vector<Statistic> kept_;
};

}  // namespace whimbrel::dialect::sqlite

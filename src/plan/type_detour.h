#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

[[nodiscard]] model::Column without_default(model::Column column);

/// The columns whose type is dropped and recreated. It would take them along, so their values are texts meanwhile.
class TypeDetours {
 public:
  explicit TypeDetours(model::Type text) : text_(std::move(text)) {}

  /// Adds a column, as it is before and after the operations. Returns whether it is new. If it has parents, which have
  /// the column, too, it is converted with theirs, and only its default is dropped and set.
  bool add(const model::Name& table, const model::Column& before, const model::Column& after,
           std::vector<model::Name> parents);
  [[nodiscard]] std::size_t size() const { return columns_.size(); }
  /// Adds the operations to `drops`, which run before the types are dropped, and to `makes`; an operation that changes
  /// such a column in another way is the one that gives it the type again.
  void put(std::vector<operation::Operation>& operations, std::vector<operation::Operation>& drops,
           std::vector<operation::Operation>& makes) const;

 private:
  struct Detour {
    model::Column before, after;
    std::vector<model::Name> parents;
  };

  static void put_default(const model::Name& table, const Detour& detour, std::vector<operation::Operation>& operations,
                          std::vector<operation::Operation>& makes);

  model::Type text_;
  std::map<std::pair<model::Name, std::string>, Detour> columns_;
};

}  // namespace whimbrel::plan

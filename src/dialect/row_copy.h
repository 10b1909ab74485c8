#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dialect/samples.h"
#include "sql/syntax.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect {

/// Copies rows into a scratch copy on the same server by INSERT ... SELECT, so that foreign keys hold there. A dialect
/// says how its server names, compares and inserts; in SQL, `o` is a row of the original.
class RowCopy {
 public:
  /// `tables`: as in Samples::copy_rows().
  RowCopy(const sql::Syntax& syntax, const std::vector<SampledTable>& tables, std::size_t most)
      : syntax_(syntax), tables_(tables), most_(most) {}
  RowCopy(const RowCopy&) = delete;
  RowCopy& operator=(const RowCopy&) = delete;
  virtual ~RowCopy() = default;

  /// Returns what was not copied, as display text.
  [[nodiscard]] std::vector<std::string> run();

 protected:
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  /// Returns how many rows of the table may be copied.
  [[nodiscard]] virtual std::size_t limit_for(const model::Table& table) const = 0;
  /// Returns whether the copy can have the rows of a table that is referenced.
  [[nodiscard]] virtual bool is_in_copy(const model::Name& name) const = 0;
  [[nodiscard]] virtual std::string name_in_copy(const model::Name& name) const = 0;
  [[nodiscard]] virtual std::string name_of_original(const model::Name& name) const = 0;
  /// Returns SQL for the value of the column of `o` as the copy stores it.
  [[nodiscard]] virtual std::string value_for_copy(const model::Column& column, const std::string& value) const = 0;
  /// Returns SQL for a value that can be compared with those of the other database.
  [[nodiscard]] virtual std::string comparable(const std::string& value) const = 0;
  /// Returns the number of inserted rows. `target`: the table and its columns.
  [[nodiscard]] virtual std::size_t insert(const std::string& target, const std::string& select) const = 0;

  void index_references();
  void copy(const SampledTable& sampled);
  [[nodiscard]] std::size_t copy_some(const SampledTable& sampled, const std::string& where, std::size_t count) const;
  [[nodiscard]] std::string order(const model::Table& table) const;
  [[nodiscard]] std::string among(const model::Table& table, const model::Table& child,
                                  const model::ForeignKey& key) const;
  [[nodiscard]] std::string refers_to_nothing(const model::ForeignKey& key) const;
  [[nodiscard]] std::string has_referenced(const std::string& referenced, const model::ForeignKey& key,
                                           bool of_same_types) const;
  [[nodiscard]] std::string has_what_it_needs(const SampledTable& sampled) const;
  [[nodiscard]] std::string is_new(const model::Table& table) const;
  [[nodiscard]] std::string column_of(const char* row, const std::string& column) const;

  const sql::Syntax& syntax_;
  const std::vector<SampledTable>& tables_;
  /// By referenced tables, the tables and keys that reference them.
  std::map<model::Name, std::vector<std::pair<const model::Table*, const model::ForeignKey*>>> references_{};
  std::size_t most_;
  std::size_t limit_ = 0;  ///< For the current table.
};

}  // namespace whimbrel::dialect

#include "dialect/sqlite/rewrite/outdated.h"

#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/generate/conversion.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/rewrite/content.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using model::Column;
using model::Object;
using model::Table;

/// Checks whether a rebuild keeps the values that an index has read.
class Rebuild {
 public:
  explicit Rebuild(const RebuildTable& operation) : operation_(operation) {}

  [[nodiscard]] bool keeps(const std::string& name) const {
    const Column* before = find_column(operation_.before, name);
    const Column* after = find_column(operation_.after, name);
    const CopiedColumn* copied = find_copied(name);
    if (before == nullptr || after == nullptr || copied == nullptr) return false;
    const StoredAs from{before->type, operation_.before.options, {}};
    return !copied->source && keeps_values(from, {after->type, operation_.after.options, {}});
  }

  /// The rowid can have any of its names.
  [[nodiscard]] bool keeps_rowid() const {
    return std::any_of(operation_.copy.begin(), operation_.copy.end(), [&](const CopiedColumn& copied) {
      const std::string& source = copied.source ? *copied.source : copied.column;
      return is_rowid_of(operation_.after, copied.column) && is_rowid_of(operation_.before, unquoted(source));
    });
  }

  [[nodiscard]] bool keeps_all() const {
    const std::vector<Column>& columns = operation_.before.columns;
    return keeps_rowid() &&
           std::all_of(columns.begin(), columns.end(), [&](const Column& column) { return keeps(column.name); });
  }

 private:
  [[nodiscard]] const CopiedColumn* find_copied(std::string_view column) const {
    const auto found = std::find_if(operation_.copy.begin(), operation_.copy.end(),
                                    [&](const CopiedColumn& copied) { return same_name(copied.column, column); });
    return found == operation_.copy.end() ? nullptr : &*found;
  }

  /// Returns the name if the text contains nothing else.
  static std::string unquoted(const std::string& text) {
    const std::vector<sql::Token> tokens = sql::tokenize(text, sqlite_syntax);
    return tokens.size() == 1 ? tokens.front().value() : std::string();
  }

  static bool is_rowid_of(const Table& table, std::string_view name) {
    if (const Column* column = find_column(table, name)) return is_rowid(table, *column);
    return is_row_number_name(name);
  }

  const RebuildTable& operation_;
};

/// The contents of a view are unknown.
bool is_outdated_by(const RebuildTable& operation, const Object& index, const std::string& content, bool is_view) {
  const Rebuild rebuild(operation);
  if (is_view) return !rebuild.keeps_all();
  if (!same_name(content, operation.after.name.name)) return false;
  const std::vector<std::string>& columns = index.columns.value;
  // An index that cannot be filled is reported as broken.
  const auto is_there = [&](const std::string& column) { return find_column(operation.after, column) != nullptr; };
  if (!std::all_of(columns.begin(), columns.end(), is_there)) return false;
  const std::string key = content_rowid(read_virtual_table(index));
  const bool keeps_key = find_column(operation.after, key) != nullptr ? rebuild.keeps(key) : rebuild.keeps_rowid();
  return !keeps_key ||
         !std::all_of(columns.begin(), columns.end(), [&](const std::string& column) { return rebuild.keeps(column); });
}

/// Returns the previous version of the view, if it existed.
const model::View* find_dropped(const std::vector<Operation>& operations, const model::View& view) {
  for (const Operation& operation : operations) {
    const auto* drop = std::get_if<DropView>(&operation);
    if (drop != nullptr && same_name(drop->view.name.name, view.name.name)) return &drop->view;
  }
  return nullptr;
}

bool is_new(const model::View& view, const std::vector<Operation>& operations) {
  const model::View* const dropped = find_dropped(operations, view);
  return dropped == nullptr || dropped->definition != view.definition;
}

/// Returns whether the index could not be filled before the operations, and one of them changes what it reads.
bool becomes_readable(const Object& index, const std::vector<Operation>& operations, const model::Schema& before,
                      const model::Schema& after) {
  const auto known = std::find_if(before.objects.begin(), before.objects.end(),
                                  [&](const Object& other) { return other.name == index.name; });
  if (known == before.objects.end() || !missing_content(index, after).empty()) return false;
  if (!reads_view(index, after)) return !missing_content(*known, before).empty();
  if (!known->filling.value.empty()) return false;
  return std::any_of(operations.begin(), operations.end(),
                     [&](const Operation& operation) { return may_read(index, target_name(operation).name, after); });
}

}  // namespace

bool is_outdated(const Object& index, const std::vector<Operation>& operations, const model::Schema& before,
                 const model::Schema& after) {
  const std::string content = content_name(index);
  if (content.empty()) return false;
  if (becomes_readable(index, operations, before, after)) return true;
  if (index.filling.value.empty()) return false;
  const bool is_view = reads_view(index, after);
  const auto may_read_it = [&](const model::Name& name) { return may_read(index, name.name, after); };
  return std::any_of(operations.begin(), operations.end(), [&](const Operation& operation) {
    if (const auto* op = std::get_if<RebuildTable>(&operation)) return is_outdated_by(*op, index, content, is_view);
    if (const auto* op = std::get_if<CreateTable>(&operation)) return may_read_it(op->table.name);
    const auto* op = std::get_if<CreateView>(&operation);
    return op != nullptr && is_new(op->view, operations) && may_read_it(op->view.name);
  });
}

}  // namespace whimbrel::dialect::sqlite

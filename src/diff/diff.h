#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/type_mapping.h"
#include "operation/operation.h"
#include "whimbrel/model.h"

/// (current schema, desired schema) → operations. Walks both once and asks the dialect small questions.
namespace whimbrel::diff {

/// The use of an expression: a database may deparse it accordingly.
enum class ExpressionUse { default_value, computed, check, exclusion, predicate, key_part };

/// Two texts of an expression over the columns of a table.
struct ExpressionPair {
  const model::Table* table;  ///< The desired table: both expressions are over its columns.
  ExpressionUse use;
  std::string column;  ///< The column whose default or computation it is; else empty.
  std::string current;
  std::string desired;
};

/// Two statements that create a view of the same name.
struct ViewPair {
  const model::View* current;
  const model::View* desired;
};

struct SchemaPair {
  model::Schema current;
  model::Schema desired;
};

/// The parts of tables whose names must be unique in their schema, and not only in their table.
enum class SchemaNames { of_foreign_keys, of_foreign_keys_and_checks, of_indexes, of_indexes_and_keys };

/// The questions that a diff asks a dialect.
class Comparison {
 public:
  /// `mapping`: the rules for names, which must outlive it.
  explicit Comparison(const model::TypeMapping& mapping) : mapping_(mapping) {}
  Comparison(const Comparison&) = delete;
  Comparison& operator=(const Comparison&) = delete;
  virtual ~Comparison() = default;

  [[nodiscard]] const model::TypeMapping& mapping() const { return mapping_; }

  [[nodiscard]] virtual bool same_type(const model::Type& current, const model::Type& desired) const = 0;
  /// Returns the schemas, after renames, in the forms to compare: without objects that the server creates or drops
  /// implicitly, such as the index of a foreign key, so that no operation does; and what is a part of a column in one
  /// schema but not in the other is an object in both. `everything`: both schemas are complete. Nullopt: they are
  /// compared as they are.
  [[nodiscard]] virtual std::optional<SchemaPair> normalised(const model::Schema& current, const model::Schema& desired,
                                                             bool everything) const {
    static_cast<void>(current), static_cast<void>(desired), static_cast<void>(everything);
    return std::nullopt;
  }
  /// Returns whether the database numbers the table's rows by this column, as SQLite does by an INTEGER PRIMARY KEY.
  /// Such a column holds no NULL, and it depends on more of its type than same_type() compares.
  [[nodiscard]] virtual bool numbers_rows(const model::Table& table, const model::Column& column) const {
    static_cast<void>(table), static_cast<void>(column);
    return false;
  }
  /// Returns whether the desired table can have a column of a type of the current one. SQLite's STRICT tables know only
  /// a few names.
  [[nodiscard]] virtual bool allows_type(const model::Table& desired, const model::Type& current) const {
    static_cast<void>(desired), static_cast<void>(current);
    return true;
  }
  /// Returns which of the pairs, which differ as text, are equivalent according to the database; none if it cannot be
  /// asked.
  [[nodiscard]] virtual std::vector<bool> same_expressions(std::span<const ExpressionPair> pairs) const = 0;
  /// Returns whether columns whose enum has no name sort by its values in their order, so that this matters.
  [[nodiscard]] virtual bool sorts_by_values() const { return false; }
  /// Returns whether two statements create the same view by their text alone.
  [[nodiscard]] virtual bool same_words(const model::View& current, const model::View& desired) const {
    return current.definition == desired.definition;
  }
  /// Returns which of the pairs, which differ as text, create the same view. Not needed if the text is kept.
  [[nodiscard]] virtual std::vector<bool> same_views(std::span<const ViewPair> pairs) const {
    return std::vector<bool>(pairs.size(), false);
  }
  /// Returns whether a stored view lacks the casts that had no effect when it was created, and which it needs if the
  /// columns get other types.
  [[nodiscard]] virtual bool leaves_out_casts() const { return false; }
  /// Returns whether two statements create the same trigger.
  [[nodiscard]] virtual bool same_trigger(const model::Trigger& current, const model::Trigger& desired) const {
    return current == desired;
  }
  /// Returns whether two triggers of a table fire one after the other, in an order that follows their creation.
  [[nodiscard]] virtual bool fires_in_order_of_creation(const model::Trigger& a, const model::Trigger& b) const {
    static_cast<void>(a), static_cast<void>(b);
    return false;
  }
  /// Keys are constraints with an index.
  [[nodiscard]] virtual SchemaNames schema_names() const { return SchemaNames::of_indexes; }
  /// Returns whether entities describe every option of a table, so that one that they do not set is not there.
  [[nodiscard]] virtual bool describes_options() const { return false; }
  /// Returns operations that must come before the renames, because what they change has another name after them: the
  /// moves of extensions. Throws Error (unsafe) for one that is impossible.
  [[nodiscard]] virtual std::vector<operation::Operation> moves(const model::Schema& /*current*/,
                                                                const model::Schema& /*desired*/) const {
    return {};
  }
  /// Returns the renames, and around them operations that drop and recreate what prevents them and what the database
  /// does not rename with them. `is_whole`: the desired schema is complete, so that what cannot follow a rename may
  /// be dropped only, to be created as it is there.
  [[nodiscard]] virtual std::vector<operation::Operation> rename_steps(const model::Schema& /*current*/,
                                                                       std::vector<operation::Operation> renames,
                                                                       bool /*is_whole*/) const {
    return renames;
  }
  /// Returns `current`, the schema of the compared database, as the database itself changes it by the steps of renames:
  /// it rewrites views, triggers and expressions in its own way.
  [[nodiscard]] virtual model::Schema after_renames(const model::Schema& current,
                                                    const std::vector<operation::Operation>& steps) const = 0;
  /// Fills in which columns the check constraints, indexes and generated columns of a table of the current schema use,
  /// if this is not known from reading it.
  virtual void find_uses(model::Table& table) const { static_cast<void>(table); }
  /// Returns what could not be determined, as display text; empty if nothing.
  [[nodiscard]] virtual std::string remark() const { return {}; }

 private:
  const model::TypeMapping& mapping_;
};

/// The user's answers to what a difference means: in an entity, by an option or to a question.
struct Answers {
  struct TableRename {
    model::Name from;
    model::Name to;
    bool stays = false;  ///< If true, it comes from an entity, and is still there after the rename.
  };
  struct ColumnRename {
    model::Name table;  ///< The table's new name.
    std::string from;
    std::string to;
    bool stays = false;  ///< As in TableRename.
  };
  std::vector<TableRename> table_renames;
  std::vector<TableRename> not_table_renames;  ///< Candidates that were answered with no.
  std::vector<model::Name> dropped_tables;     ///< Undescribed tables to drop, with their rows.
  /// A rename whose old column no longer exists has no effect. Instead of a table it can name a composite type, whose
  /// attribute is renamed, or an enum, whose value is, or, for an enum without a named type, the column as
  /// `table.column`.
  std::vector<ColumnRename> column_renames;
  std::vector<ColumnRename> not_renames;  ///< Candidates that were answered with no.
  /// By table and column: an SQL expression that backfills existing rows if a column is added or becomes NOT NULL.
  std::map<std::pair<std::string, std::string>, std::string> backfills;
};

/// Which objects of the current schema are managed, so that they are dropped when no entity describes them.
struct Ownership {
  const model::Schema* created = nullptr;  ///< The objects that applied migrations created; null: unknown.
  std::function<bool(std::string_view)> is_derived_name;
  /// Names of unmanaged tables, views and indexes (synchronize = false).
  std::vector<model::Name> unmanaged_tables;
  std::vector<std::string> unmanaged_indexes;
  /// By table and column, as the desired schema names them: existing defaults that are kept, although a different one
  /// is desired.
  std::map<std::pair<model::Name, std::string>, std::vector<std::string>> accepted_defaults;
  bool everything = false;  ///< If true, both schemas are complete: everything missing from `desired` is dropped.
};

/// A possible rename: a dropped and an added column, or two values of an enum.
struct RenameCandidate {
  model::Name table;  ///< For values: the enum, or `table.column` if the enum belongs to a column.
  model::Column from;
  model::Column to;
  int likelihood = 0;      ///< Higher is likelier.
  bool is_value = false;   ///< If true, the columns have only a name, which is the value.
  bool of_column = false;  ///< If true, the enum belongs to a column.
};

/// A possible rename of a table: an undescribed table and an added one.
struct TableRenameCandidate {
  model::Name from;
  model::Name to;
  int likelihood = 0;      ///< Higher is likelier.
  bool unmanaged = false;  ///< If true, the old table is unmanaged, so it is not dropped.
};

struct Difference {
  /// The renames, which come first.
  std::vector<operation::Operation> renames;
  /// The current schema, if the renames or what a database makes by itself changed it: see after_renames().
  std::optional<model::Schema> renamed;
  /// The rest, not yet ordered for execution.
  std::vector<operation::Operation> operations;
  /// The schema after the renames and the operations.
  model::Schema target;
  /// Questions that the answers leave open, by table, the likeliest first. As long as there are any, the operations
  /// drop and add.
  std::vector<RenameCandidate> rename_candidates;
  std::vector<TableRenameCandidate> table_candidates;  ///< Possible renames of tables.
  /// Tables that would be dropped without confirmation, except candidates.
  std::vector<model::Name> undecided_drops;
  /// Unmanaged objects, which are not touched, as display text.
  std::vector<std::string> unmanaged;
  /// Undescribed objects that are dropped with a column that they use, as display text.
  std::vector<std::string> taken_along;
  /// What could not be determined, as display text; empty if nothing.
  std::string remark;
  bool is_whole = false;  ///< If true, both schemas are complete.

  [[nodiscard]] bool empty() const { return renames.empty() && operations.empty(); }
  /// Returns the schema that the operations begin with; `current` is the one that was compared, and must outlive it.
  [[nodiscard]] const model::Schema& after_renames(const model::Schema& current) const {
    return renamed ? *renamed : current;
  }
};

/// Returns the operations from `current` to `desired`.
///
/// The desired schema of entities contains less than a database's: anything that it does not specify (collations, ON
/// CONFLICT, triggers, derived names, the order of columns) is kept.
[[nodiscard]] Difference diff(const model::Schema& current, const model::Schema& desired, const Comparison& comparison,
                              const Answers& answers = {}, const Ownership& ownership = {});

/// A column that would have no value in existing rows: it is new or becomes NOT NULL, without a default or an entry in
/// Answers::backfills.
struct MissingBackfill {
  model::Name table;
  std::string column;
  bool added;  ///< If true, the column is new; otherwise it was nullable.
};
[[nodiscard]] std::vector<MissingBackfill> missing_backfills(const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::diff

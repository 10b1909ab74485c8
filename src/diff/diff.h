#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/name_kind.h"
#include "operation/operation.h"
#include "sql/syntax.h"
#include "whimbrel/model.h"

/// (current schema, desired schema) → operations. Walks once and asks the dialect small questions.
namespace whimbrel::diff {

/// What an expression is for: a database may spell it accordingly.
enum class ExpressionUse { default_value, computed, check, exclusion, predicate, key_part };

/// Two spellings of an expression over the columns of a table.
struct ExpressionPair {
  const model::Table* table;  ///< The desired table: both expressions are over its columns.
  ExpressionUse use;
  std::string column;  ///< Whose default or computation it is; else empty.
  std::string current;
  std::string desired;
};

/// Two statements that make a view of one name.
struct ViewPair {
  const model::View* current;
  const model::View* desired;
};

struct SchemaPair {
  model::Schema current;
  model::Schema desired;
};

/// What a diff asks of a dialect.
class Comparison {
 public:
  virtual ~Comparison() = default;
  [[nodiscard]] virtual const sql::Syntax& syntax() const = 0;
  /// The key under which two names are one.
  [[nodiscard]] virtual std::string fold(model::NameKind kind, std::string_view name) const = 0;
  [[nodiscard]] virtual bool same_type(const model::Type& current, const model::Type& desired) const = 0;
  /// The schemas without what the server makes or drops by itself, such as the index of a foreign key, so that no
  /// operation does it. Nothing: they are compared as they are.
  [[nodiscard]] virtual std::optional<SchemaPair> normalised(const model::Schema& current,
                                                             const model::Schema& desired) const {
    static_cast<void>(current), static_cast<void>(desired);
    return std::nullopt;
  }
  /// Is the column of the table what the database numbers its rows by, as SQLite does by an INTEGER PRIMARY KEY? Such a
  /// column holds no NULL, and it depends on more of its type than same_type() looks at.
  [[nodiscard]] virtual bool numbers_rows(const model::Table& table, const model::Column& column) const {
    static_cast<void>(table), static_cast<void>(column);
    return false;
  }
  /// Which of the pairs, spelled differently, mean the same. The database is the judge; one that cannot be asked says
  /// no to all.
  [[nodiscard]] virtual std::vector<bool> same_expressions(std::span<const ExpressionPair> pairs) const = 0;
  /// The type of a column that has the enum.
  [[nodiscard]] virtual model::Type enum_type(const model::Name& name) const { return {name.name, {}}; }
  /// Does a database that keeps the words of a view see that two statements make the same?
  [[nodiscard]] virtual bool same_words(const model::View& current, const model::View& desired) const {
    return current.definition == desired.definition;
  }
  /// Which of the pairs, whose words differ, make the same view. A database that keeps the words need not be asked.
  [[nodiscard]] virtual std::vector<bool> same_views(std::span<const ViewPair> pairs) const {
    return std::vector<bool>(pairs.size(), false);
  }
  /// Do two statements make the same trigger?
  [[nodiscard]] virtual bool same_trigger(const model::Trigger& current, const model::Trigger& desired) const {
    return current == desired;
  }
  /// The renames, and around them what must be made anew, since the database does not carry them into it.
  [[nodiscard]] virtual std::vector<operation::Operation> with_followers(
      const model::Schema& /*current*/, std::vector<operation::Operation> renames) const {
    return renames;
  }
  /// The renames as the database can do them: with views and triggers that stand in their way dropped before them and
  /// made again after them as they were.
  [[nodiscard]] virtual std::vector<operation::Operation> possible_renames(
      const model::Schema& /*current*/, std::vector<operation::Operation> renames) const {
    return renames;
  }
  /// `current`, the schema of the database that is compared, as the database itself makes it by these renames: it
  /// rewrites views, triggers and expressions in its own way.
  [[nodiscard]] virtual model::Schema after_renames(const model::Schema& current,
                                                    const std::vector<operation::Operation>& renames) const = 0;
  /// Fills in which columns the checks, indexes and computed columns of a table of the current schema use, where
  /// reading it has not said so.
  virtual void find_uses(model::Table& table) const { static_cast<void>(table); }
  /// What it could not find out, in words; empty if nothing.
  [[nodiscard]] virtual std::string remark() const { return {}; }
};

/// What a person has decided, by the entity, by an option or by an answer.
struct Decisions {
  struct TableRename {
    model::Name from;
    model::Name to;
    bool stays = false;  ///< An entity says so, and still does when it is done.
  };
  struct ColumnRename {
    model::Name table;  ///< The table's new name.
    std::string from;
    std::string to;
    bool stays = false;  ///< As above.
  };
  std::vector<TableRename> table_renames;
  std::vector<TableRename> not_table_renames;  ///< Candidates that were answered with no.
  std::vector<model::Name> dropped_tables;     ///< Those that nobody describes and that are to go, with their rows.
  /// Those whose old column is not there any more do nothing. In the place of the table may be the name of an enum,
  /// whose value is renamed; or, where the values of a column are its own, the column as `table.column`.
  std::vector<ColumnRename> column_renames;
  std::vector<ColumnRename> not_renames;  ///< Candidates that were answered with no.
  /// By table and column: SQL for the rows that are there when a column that takes no NULL is added or made so.
  std::map<std::pair<std::string, std::string>, std::string> fills;
};

/// What of the current schema may be dropped if nobody describes it any more.
struct Ownership {
  const model::Schema* created = nullptr;  ///< What the applied migrations of this program made; null: not known.
  std::function<bool(std::string_view)> is_derived_name;
  /// Names of tables, views and indexes that nobody touches, though nobody describes them.
  std::vector<model::Name> tables_left_alone;
  std::vector<std::string> indexes_left_alone;
  /// By table and column, as the desired schema names them: defaults that stay where they are, though another is
  /// desired.
  std::map<std::pair<model::Name, std::string>, std::vector<std::string>> accepted_defaults;
  bool everything = false;  ///< Whole schemas are compared: whatever is not desired is dropped.
};

/// A dropped and an added column that could be one column renamed; or two values of an enum.
struct RenameCandidate {
  model::Name table;  ///< The enum, if they are values; `table.column` if the values are those of a column alone.
  model::Column from;
  model::Column to;
  int likelihood = 0;      ///< Greater is likelier.
  bool is_value = false;   ///< Then the columns have nothing but a name, which is the value.
  bool of_column = false;  ///< Values of a column alone.
};

/// A table that nobody describes any more and an added one that could be one table renamed.
struct TableRenameCandidate {
  model::Name from;
  model::Name to;
  int likelihood = 0;       ///< Greater is likelier.
  bool left_alone = false;  ///< The old table is not ours: it is not dropped, its rows just stay behind.
};

struct Difference {
  /// What is renamed, before all else.
  std::vector<operation::Operation> renames;
  /// The current schema after the renames.
  model::Schema renamed;
  /// The rest, not yet ordered for execution.
  std::vector<operation::Operation> operations;
  /// `renamed` as the operations make it.
  model::Schema target;
  /// Questions that Decisions does not answer, table by table the likeliest first. As long as there are some, the
  /// operations drop and add.
  std::vector<RenameCandidate> rename_candidates;
  std::vector<TableRenameCandidate> table_candidates;  ///< The same for tables.
  /// Tables that are dropped, which nobody has said, and that are not among the candidates.
  std::vector<model::Name> undecided_drops;
  /// Objects that nobody describes and that are left alone because they are not ours, in words.
  std::vector<std::string> left_alone;
  /// What nobody describes and is dropped with a column that it uses, in words.
  std::vector<std::string> taken_along;
  /// What could not be found out, in words; empty if nothing.
  std::string remark;

  [[nodiscard]] bool empty() const { return renames.empty() && operations.empty(); }
};

/// How to get from `current` to `desired`.
///
/// The desired schema of entities says less than a database's: what it does not say (collations, ON CONFLICT, triggers,
/// derived names, the order of columns) stays as it is.
[[nodiscard]] Difference diff(const model::Schema& current, const model::Schema& desired, const Comparison& comparison,
                              const Decisions& decisions = {}, const Ownership& ownership = {});

/// Columns that would have no value in the rows that are there: added or made NOT NULL, without a default, not in
/// Decisions::fills.
struct MissingFill {
  model::Name table;
  std::string column;
  bool added;  ///< Else it was nullable.
};
[[nodiscard]] std::vector<MissingFill> missing_fills(const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::diff

#include "change/backfill_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "model/indexed_schema.h"
#include "sql/keywords.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::change {

namespace {

using namespace operation;
using model::Name;
using model::NameKind;
using sql::Token;
using sql::TokenKind;

/// The later names of what is renamed, by the former ones.
using LaterNamesByFormer = std::map<std::string, std::string>;

/// The SQL that fills a column, and the way in which it does.
struct RowFill {
  const Name& table;
  const std::string& column;
  const std::string& sql;
};

/// What SQL may read: a table, or a column, perhaps of the table that it is qualified with.
struct ReadName {
  std::string name;
  std::string qualifier{};
  bool is_table = false;
};

bool is_identifier(const Token& token) {
  return token.kind == TokenKind::quoted_identifier || token.kind == TokenKind::word;
}

/// Returns whether the word can be something else than a name there: a keyword, a type, an alias, a unit of time or the
/// name of a function.
bool is_no_name(const std::vector<Token>& tokens, std::size_t i) {
  const Token& token = tokens[i];
  if (token.kind == TokenKind::word && sql::is_reserved(token.text)) return true;
  if (i + 1 < tokens.size() && (tokens[i + 1].is("(") || tokens[i + 1].kind == TokenKind::string)) return true;
  if (i == 0) return false;
  const Token& before = tokens[i - 1];
  return before.is("AS") || before.is("::") || before.is(":") || before.is("@") || before.kind == TokenKind::number ||
         before.kind == TokenKind::string;
}

std::vector<ReadName> names_in(const std::string& sql, const sql::Syntax& syntax) {
  const std::vector<Token> tokens = sql::tokenize(sql, syntax);
  const bool has_own_tables =
      std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.is("WITH"); });
  std::vector<ReadName> names;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!is_identifier(tokens[i]) || is_no_name(tokens, i)) continue;
    const bool is_qualified = i > 1 && tokens[i - 1].is(".");
    if (is_qualified && !is_identifier(tokens[i - 2])) continue;
    if (i + 1 < tokens.size() && tokens[i + 1].is(".")) continue;
    const bool is_table = i > 0 && (tokens[i - 1].is("FROM") || tokens[i - 1].is("JOIN"));
    if (is_table && has_own_tables) continue;
    names.push_back({tokens[i].value(), is_qualified ? tokens[i - 2].value() : std::string(), is_table});
  }
  return names;
}

class LaterNames {
 public:
  LaterNames(const dialect::Dialect& dialect, const model::Schema& current, const diff::Difference& difference)
      : dialect_(dialect), renamed_(difference.after_renames(current)), target_(difference.target) {
    std::map<Name, Name> tables;                                 // The former names by the later ones.
    std::map<Name, std::map<std::string, std::string>> columns;  // By table, the same.
    for (const Operation& operation : difference.renames) {
      if (const auto* op = std::get_if<RenameTable>(&operation)) {
        move(tables, op->from, op->to);
        if (auto own = columns.extract(op->from)) {
          own.key() = op->to;
          columns.insert(std::move(own));
        }
      } else if (const auto* column = std::get_if<RenameColumn>(&operation); column && !column->attribute) {
        move(columns[column->table], column->from, column->to);
      }
    }
    for (const auto& [later, former] : tables) {
      if (later.name != former.name) tables_.emplace(folded_table(former), later.name);
    }
    for (const auto& [table, moves] : columns) {
      for (const auto& [later, former] : moves) {
        if (folded(later) != folded(former)) columns_[table].emplace(folded(former), later);
      }
    }
    for (const model::Table& table : renamed_.tables) later_[folded_table(table.name)].push_back(&table);
    for (const model::View& view : renamed_.whole.views) views_.insert(folded_table(view.name));
  }

  void require(const RowFill& fill) const {
    const std::vector<ReadName> names = names_in(fill.sql, dialect_.syntax());
    std::set<const model::Table*> read;
    if (const auto* const own = renamed_.find_table(fill.table)) read.insert(own);
    for (const ReadName& name : names) {
      const auto found = later_.find(dialect_.fold(NameKind::table, name.name));
      if (found != later_.end()) read.insert(found->second.begin(), found->second.end());
    }
    for (const ReadName& name : names) name.is_table ? require_table(fill, name) : require_column(fill, name, read);
  }

 private:
  template <class Key>
  static void move(std::map<Key, Key>& moves, const Key& from, const Key& to) {
    auto known = moves.extract(from);
    moves.insert_or_assign(to, known ? known.mapped() : from);
  }

  void require_table(const RowFill& fill, const ReadName& name) const {
    const std::string key = dialect_.fold(NameKind::table, name.name);
    const auto moved = tables_.find(key);
    if (moved == tables_.end()) return;
    if (has(renamed_.find_table(fill.table), folded(name.name)))
      return;  // FROM can also stand in a function: trim(BOTH FROM a).
    if (!later_.contains(key) && !views_.contains(key)) return;
    const std::string later_key = dialect_.fold(NameKind::table, moved->second);
    refuse(fill, "table", name.name, moved->second, tables_.contains(later_key));
  }

  /// A name that may be that of a column which keeps it says nothing.
  void require_column(const RowFill& fill, const ReadName& name, const std::set<const model::Table*>& read) const {
    const std::string key = folded(name.name);
    const std::string* later = nullptr;
    const LaterNamesByFormer* moves_of_it = nullptr;
    bool is_there = false;
    for (const model::Table* const table : read) {
      if (!name.qualifier.empty() && !dialect_.same_name(NameKind::table, table->name.name, name.qualifier)) continue;
      const LaterNamesByFormer* const moves = moves_of(*table);
      const auto moved = moves == nullptr ? LaterNamesByFormer::const_iterator() : moves->find(key);
      const bool is_moved = moves != nullptr && moved != moves->end();
      if (!is_moved && has(*table, key)) return;
      if (!is_moved) continue;
      later = &moved->second;
      moves_of_it = moves;
      is_there = is_there || has(*table, key) || has(target_.find_table(table->name), key);
    }
    if (is_there) refuse(fill, "column", name.name, *later, moves_of_it->contains(folded(*later)));
  }

  /// Null: no column of the table is renamed.
  [[nodiscard]] const LaterNamesByFormer* moves_of(const model::Table& table) const {
    const auto found = columns_.find(table.name);
    return found == columns_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool has(const model::Table& table, const std::string& key) const {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const model::Column& column) { return folded(column.name) == key; });
  }
  [[nodiscard]] bool has(const model::Table* table, const std::string& key) const {
    return table != nullptr && has(*table, key);
  }

  /// `is_taken`: something else had the later name.
  static void refuse(const RowFill& fill, const std::string& what, const std::string& former, const std::string& later,
                     bool is_taken) {
    throw Error(ErrorKind::usage, "Cannot backfill column \"" + fill.column + "\" of table \"" + to_string(fill.table) +
                                      "\": its value reads " + what + " \"" + former + "\", which is another " + what +
                                      " after the renames.")
        .with_remedy("The value is computed after the renames, when what was \"" + former + "\" is \"" + later +
                     "\". " +
                     (is_taken ? "Rename first, in a migration or a script of its own, and backfill in the next."
                               : "Write the new name."))
        .with_statement(fill.sql);
  }

  [[nodiscard]] std::string folded(const std::string& column) const { return dialect_.fold(NameKind::column, column); }
  [[nodiscard]] std::string folded_table(const Name& table) const { return dialect_.fold(NameKind::table, table.name); }

  const dialect::Dialect& dialect_;
  model::IndexedSchema renamed_;
  model::IndexedSchema target_;
  LaterNamesByFormer tables_;
  std::map<Name, LaterNamesByFormer> columns_;
  std::map<std::string, std::vector<const model::Table*>> later_;  ///< The tables after the renames.
  std::set<std::string> views_;
};

}  // namespace

void require_later_names(const dialect::Dialect& dialect, const model::Schema& current,
                         const diff::Difference& difference) {
  if (difference.renames.empty()) return;
  std::optional<LaterNames> check;
  const auto require = [&](const Name& table, const std::string& column, const std::optional<std::string>& sql) {
    if (!sql) return;
    if (!check) check.emplace(dialect, current, difference);
    check->require({table, column, *sql});
  };
  // Before `down`, the names are those that its values read.
  for (const Operation& operation : difference.operations) {
    if (const auto* added = std::get_if<AddColumn>(&operation)) {
      require(added->table, added->column.name, added->backfill);
    } else if (const auto* altered = std::get_if<AlterColumn>(&operation)) {
      require(altered->table, altered->after.name, altered->backfill);
    }
  }
}

}  // namespace whimbrel::change

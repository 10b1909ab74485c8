#include "dialect/mysql/compare/renames.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/rewrite/triggers.h"
#include "dialect/mysql/text/names.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;
using model::Table;
using sql::Token;
using sql::TokenKind;

bool is_name(const Token& token) { return token.kind == TokenKind::quoted_identifier || token.kind == TokenKind::word; }

bool is_name(const Token& token, const std::string& name) {
  return is_name(token) && sql::equal_ignoring_case(token.value(), name);
}

/// A statement whose names are replaced token by token.
class TokenizedSql {
 public:
  explicit TokenizedSql(std::string sql) : sql_(std::move(sql)), tokens_(sql::tokenize(sql_, mysql_syntax)) {}

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  [[nodiscard]] const Token& at(std::size_t i) const { return tokens_[i]; }
  /// Returns whether the token follows a qualifier and a dot.
  [[nodiscard]] bool is_qualified(std::size_t i) const { return i >= 2 && tokens_[i - 1].is("."); }
  [[nodiscard]] bool qualifies(std::size_t i) const { return i + 1 < tokens_.size() && tokens_[i + 1].is("."); }

  template <class Matches>
  [[nodiscard]] std::string replaced(const std::string& to, Matches matches) const {
    std::string result;
    std::size_t end = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!matches(i)) continue;
      result += sql_.substr(end, tokens_[i].offset - end) + quote(to);
      end = tokens_[i].end();
    }
    return result + sql_.substr(end);
  }

 private:
  std::string sql_;
  std::vector<Token> tokens_;
};

/// Returns the names by which a query refers to a table: its own and its aliases, in lower case.
std::set<std::string> names_of(const TokenizedSql& text, const std::string& table) {
  std::set<std::string> names{sql::to_lower(table)};
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (!is_name(text.at(i), table) || text.is_qualified(i)) continue;
    std::size_t next = i + 1;
    if (text.at(next).is("AS")) ++next;
    if (next < text.size() && text.at(next).kind == TokenKind::quoted_identifier) {
      names.insert(sql::to_lower(text.at(next).value()));
    }
  }
  return names;
}

/// The server stores views with each column qualified, so the names in them can be distinguished.
std::string renamed_in_view(const std::string& definition, const RenameColumn& op) {
  const TokenizedSql text(definition);
  const std::set<std::string> tables = names_of(text, op.table.name);
  return text.replaced(op.to, [&](std::size_t i) {
    return is_name(text.at(i), op.from) && text.is_qualified(i) &&
           tables.contains(sql::to_lower(text.at(i - 2).value()));
  });
}

std::string renamed_in_view(const std::string& definition, const RenameTable& op) {
  const TokenizedSql text(definition);
  return text.replaced(op.to.name, [&](std::size_t i) {
    if (!is_name(text.at(i), op.from.name) || text.is_qualified(i)) return false;
    const bool is_alias = i > 0 && (text.at(i - 1).is("AS") || text.at(i - 1).kind == TokenKind::quoted_identifier);
    return text.qualifies(i) || !is_alias;
  });
}

[[noreturn]] void refuse(const std::string& what, const std::string& name, const std::string& from) {
  throw Error(ErrorKind::unsafe, what + " \"" + name + "\" uses \"" + from +
                                     "\", which is renamed. whimbrel cannot determine from its text how to adapt it.")
      .with_remedy("First write a migration that drops or replaces it (`newmigration`), then generate again.");
}

/// Returns whether the token is the name of a column of the trigger's table: NEW.name or OLD.name.
bool is_of_row(const TokenizedSql& text, std::size_t i) {
  return text.is_qualified(i) && (text.at(i - 2).is("NEW") || text.at(i - 2).is("OLD"));
}

/// Returns whether the token is the name of a trigger: its own, or that of the one that it follows.
bool is_name_of_trigger(const TokenizedSql& text, std::size_t i) {
  return (i > 0 && text.at(i - 1).is("TRIGGER")) || (i > 1 && text.at(i - 1).is("FOLLOWS") && text.at(i - 2).is("ROW"));
}

/// Returns whether the name stands in a trigger for something else than a trigger or a column of its row.
/// `is_known(i)`: the token at this place does not count.
template <class IsKnown>
bool has_other(const TokenizedSql& text, const std::string& name, IsKnown is_known) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_it = is_name(text.at(i), name) && !is_name_of_trigger(text, i) && !is_of_row(text, i);
    if (is_it && !is_known(i)) return true;
  }
  return false;
}

bool has_other(const TokenizedSql& text, const std::string& name) {
  return has_other(text, name, [](std::size_t) { return false; });
}

/// Returns the trigger with NEW.name and OLD.name renamed. If other names in it may mean the column, throws Error.
std::string renamed_in_own_trigger(const model::Trigger& trigger, const RenameColumn& op) {
  const TokenizedSql text(trigger.definition);
  if (has_other(text, op.from)) refuse("Trigger", trigger.name, op.from);
  return text.replaced(op.to, [&](std::size_t i) { return is_name(text.at(i), op.from) && is_of_row(text, i); });
}

/// In some SQL modes, double quotes enclose names, which the lexer reads as strings.
void refuse_name_in_double_quotes(const model::Trigger& trigger, const std::string& name) {
  if (!quotes_names(trigger.session)) return;
  for (const Token& token : sql::tokenize(trigger.definition, mysql_syntax)) {
    const bool is_it = token.text.starts_with('"') && sql::equal_ignoring_case(token.value(), name);
    if (is_it) refuse("Trigger", trigger.name, name);
  }
}

/// Drops what renames would break before them, and recreates it after, each once.
class Followers {
 public:
  Followers(const model::Schema& current, const Server& server)
      : original_(current), schema_(current), server_(server) {}

  void add(const Operation& rename) {
    before_.clear();
    after_.clear();
    if (const auto* const column = std::get_if<RenameColumn>(&rename)) {
      follow(*column);
    } else if (const auto* const table = std::get_if<RenameTable>(&rename)) {
      follow(*table);
    }
    for (const std::vector<Operation>& operations : {before_, std::vector<Operation>{rename}, after_}) {
      for (const Operation& operation : operations) {
        apply(schema_, operation, mysql_syntax);
        renames_.push_back(operation);
      }
    }
  }

  /// The drops are the creations in reverse, so that this is also true of the way back.
  [[nodiscard]] std::vector<Operation> take() {
    for (const Table& table : original_.tables) add_following(triggers_, table.triggers);
    add_selecting_views();
    std::vector<Operation> result;
    for (const model::View& view : original_.views) {
      if (views_.contains(view.name)) result.emplace_back(DropView{view});
    }
    for (const Table& table : original_.tables) {
      for (const model::Trigger& trigger : table.triggers) {
        if (triggers_.contains(trigger.name)) result.emplace_back(DropTrigger{table.name, trigger});
      }
    }
    std::reverse(result.begin(), result.end());
    std::move(renames_.begin(), renames_.end(), std::back_inserter(result));
    for (const model::View& view : schema_.views) {
      if (views_.contains(view.name)) result.emplace_back(CreateView{view});
    }
    for (const Table& table : original_.tables) recreate_triggers(table, result);
    return result;
  }

 private:
  /// A view can only be created after those that it selects from, also on the way back.
  void add_selecting_views() {
    for (const model::View& view : original_.views) {
      const auto& used = view.uses.value;
      const bool is_it = used && std::any_of(used->begin(), used->end(), [&](const model::Reference& reference) {
                           return views_.contains(reference.name);
                         });
      if (is_it) views_.insert(view.name);
    }
  }

  void recreate_triggers(const Table& before, std::vector<Operation>& result) const {
    for (const model::Trigger& former : before.triggers) {
      if (!triggers_.contains(former.name)) continue;
      for (const Table& table : schema_.tables) {
        for (const model::Trigger& trigger : table.triggers) {
          if (trigger.name == former.name) result.emplace_back(CreateTrigger{table.name, trigger});
        }
      }
    }
  }

  void follow(const RenameColumn& op) {
    for (model::View& view : schema_.views) {
      if (!may_use(view.definition, op.table.name)) continue;
      remake(view, renamed_in_view(view.definition, op));
    }
    for (Table& table : schema_.tables) {
      for (model::Trigger& trigger : table.triggers) follow(table, trigger, op);
    }
    const Table* const table = schema_.find_table(op.table);
    if (table != nullptr && !server_.is_mariadb) follow_in_table(*table, op);
  }

  void follow(const Table& table, model::Trigger& trigger, const RenameColumn& op) {
    refuse_name_in_double_quotes(trigger, op.from);
    if (!may_use(trigger.definition, op.from)) return;
    if (table.name == op.table) return remake(trigger, renamed_in_own_trigger(trigger, op));
    if (!may_use(trigger.definition, op.table.name)) return;
    if (has_other(TokenizedSql(trigger.definition), op.from)) refuse("Trigger", trigger.name, op.from);
  }

  void follow(const RenameTable& op) {
    for (model::View& view : schema_.views) {
      if (!may_use(view.definition, op.from.name)) continue;
      remake(view, renamed_in_view(view.definition, op));
    }
    for (Table& table : schema_.tables) {
      for (model::Trigger& trigger : table.triggers) follow(table, trigger, op);
    }
  }

  /// The server keeps the triggers of the table, but not what their bodies say.
  void follow(const Table& table, model::Trigger& trigger, const RenameTable& op) {
    refuse_name_in_double_quotes(trigger, op.from.name);
    const TokenizedSql text(trigger.definition);
    const bool is_own = table.name == op.from;
    const auto is_table = [&](std::size_t i) {
      return is_name(text.at(i), op.from.name) && i > 0 && text.at(i - 1).is("ON") && is_own;
    };
    if (has_other(text, op.from.name, is_table)) refuse("Trigger", trigger.name, op.from.name);
    if (is_own) remake(trigger, text.replaced(op.to.name, is_table));
  }

  /// MySQL refuses to rename a column that a check, a default or a generated column uses.
  void follow_in_table(const Table& table, const RenameColumn& op) {
    std::vector<Operation> after_keys;
    for (const model::Check& check : table.checks) {
      if (!uses(check.uses, table.name, op.from)) continue;
      model::Check renamed = check;
      renamed.expression = with_renamed_column(check.expression, op.from, op.to);
      before_.emplace_back(DropCheck{table.name, check});
      after_.emplace_back(AddCheck{table.name, std::move(renamed)});
    }
    for (const model::Unique& unique : table.uniques) {
      if (!has_recreated(table, unique.columns, op.from)) continue;
      before_.emplace_back(DropUnique{table.name, unique});
      after_keys.emplace_back(AddUnique{table.name, unique});
    }
    for (const model::Index& index : table.indexes) {
      if (has_expression(index) || !has_recreated(table, index.columns, op.from)) continue;
      before_.emplace_back(DropIndex{table.name, index});
      after_keys.emplace_back(CreateIndex{table.name, index});
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const model::Column& column = table.columns[i];
      if (column.name != op.from && column.default_expression && uses(column.default_uses, table.name, op.from)) {
        follow_in_default(table, column, op);
      }
      if (!is_recreated(column, table, op.from)) continue;
      require_free(table, column.name, op.from);
      model::Column renamed = column;
      renamed.computed->expression = with_renamed_column(column.computed->expression, op.from, op.to);
      std::string behind = i == 0 ? std::string() : table.columns[i - 1].name;
      if (sql::equal_ignoring_case(behind, op.from)) behind = op.to;
      DropColumn drop{table.name, column, i, {}, {}};
      drop.behind = staying_before(table, i, op.from);
      before_.emplace_back(std::move(drop));
      AddColumn add{table.name, std::move(renamed), i, {}, {}};
      add.behind = std::move(behind);
      after_.emplace_back(std::move(add));
    }
    for (const model::Index& index : table.indexes) {
      if (!has_expression(index) || !uses(index.uses, table.name, op.from)) continue;
      model::Index renamed = index;
      for (model::KeyPart& part : renamed.columns) {
        part.expression = with_renamed_column(part.expression, op.from, op.to);
      }
      if (renamed.columns == index.columns) continue;  // Another part uses it by its name, which the server follows.
      renamed.definition.value.clear();
      before_.emplace_back(DropIndex{table.name, index});
      after_.emplace_back(CreateIndex{table.name, std::move(renamed)});
    }
    std::move(after_keys.begin(), after_keys.end(), std::back_inserter(after_));
  }

  void follow_in_default(const Table& table, const model::Column& column, const RenameColumn& op) {
    model::Column bare = column;
    bare.default_expression.reset();
    bare.default_uses = {};
    model::Column renamed = bare;
    renamed.default_expression = with_renamed_column(*column.default_expression, op.from, op.to);
    renamed.default_uses = column.default_uses;
    if (renamed.default_uses.value) {
      for (model::Reference& used : *renamed.default_uses.value) {
        if (used.name == table.name && used.column == op.from) used.column = op.to;
      }
      std::sort(renamed.default_uses.value->begin(), renamed.default_uses.value->end());
    }
    before_.emplace_back(AlterColumn{table.name, column, bare, {}, {}});
    after_.emplace_back(AlterColumn{table.name, std::move(bare), std::move(renamed), {}, {}});
  }

  static bool is_recreated(const model::Column& column, const Table& table, const std::string& renamed) {
    return column.computed && uses(column.computed->uses, table.name, renamed);
  }

  static bool has_recreated(const Table& table, const std::vector<model::KeyPart>& parts, const std::string& renamed) {
    return std::any_of(parts.begin(), parts.end(), [&](const model::KeyPart& part) {
      const model::Column* const column = table.find_column(part.column);
      return column != nullptr && is_recreated(*column, table, renamed);
    });
  }

  /// Returns the last column before this one that is not recreated; empty: none.
  static std::string staying_before(const Table& table, std::size_t place, const std::string& renamed) {
    while (place > 0) {
      const model::Column& column = table.columns[--place];
      if (!is_recreated(column, table, renamed)) return column.name;
    }
    return {};
  }

  /// A generated column that is recreated must not be used elsewhere.
  void require_free(const Table& table, const std::string& column, const std::string& renamed) const {
    const auto is_used_by = [&](const model::Uses& used) { return uses(used, table.name, column); };
    const auto is_it = [&](const model::KeyPart& part) { return part.column == column; };
    const auto has = [&](const std::vector<std::string>& columns) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    const bool is_in_foreign_key = std::any_of(schema_.tables.begin(), schema_.tables.end(), [&](const Table& other) {
      return std::any_of(other.foreign_keys.begin(), other.foreign_keys.end(), [&](const model::ForeignKey& key) {
        return (other.name == table.name && has(key.columns)) ||
               (key.referenced_table == table.name && has(key.referenced_columns));
      });
    });
    const bool is_used =
        is_in_foreign_key ||
        (table.primary_key &&
         std::any_of(table.primary_key->columns.begin(), table.primary_key->columns.end(), is_it)) ||
        std::any_of(table.indexes.begin(), table.indexes.end(),
                    [&](const model::Index& index) { return has_expression(index) && is_used_by(index.uses); }) ||
        std::any_of(table.checks.begin(), table.checks.end(),
                    [&](const model::Check& check) { return is_used_by(check.uses); }) ||
        std::any_of(table.columns.begin(), table.columns.end(),
                    [&](const model::Column& other) { return other.computed && is_used_by(other.computed->uses); });
    if (is_used) refuse("Generated column", column, renamed);
  }

  void remake(model::View& view, std::string definition) {
    if (definition == view.definition) return;
    view.definition = std::move(definition);
    view.uses.value.reset();
    views_.insert(view.name);
  }

  void remake(model::Trigger& trigger, std::string definition) {
    if (definition == trigger.definition) return;
    trigger.definition = std::move(definition);
    triggers_.insert(trigger.name);
  }

  const model::Schema& original_;
  model::Schema schema_;
  Server server_;
  std::vector<Operation> before_;
  std::vector<Operation> after_;
  std::vector<Operation> renames_;
  std::set<Name> views_;            ///< Those that are recreated.
  std::set<std::string> triggers_;  ///< Those that are recreated.
};

}  // namespace

std::vector<Operation> with_followers(const model::Schema& current, const std::vector<Operation>& renames,
                                      const Server& server) {
  Followers followers(current, server);
  for (const Operation& rename : renames) followers.add(rename);
  return followers.take();
}

}  // namespace whimbrel::dialect::mysql

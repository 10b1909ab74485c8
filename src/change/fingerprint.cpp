#include "change/fingerprint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

namespace whimbrel::change {

namespace {

using model::NameKind;

/// https://en.wikipedia.org/wiki/Fowler-Noll-Vo_hash_function: short, and the same on every machine.
class Hash {
 public:
  /// Adds a part with its length, so that different lists of parts cannot have the same text.
  Hash& add(std::string_view part) {
    for (const char c : std::to_string(part.size()) + ':') add(c);
    for (const char c : part) add(c);
    return *this;
  }
  Hash& add(bool part) { return add(std::string_view(part ? "yes" : "no")); }
  Hash& add(int part) { return add(std::to_string(part)); }

  [[nodiscard]] std::string text() const {
    std::string result;
    for (int shift = 60; shift >= 16; shift -= 4) result += "0123456789abcdef"[(value_ >> shift) & 15];
    return result;
  }

 private:
  void add(char c) {
    value_ ^= static_cast<unsigned char>(c);
    value_ *= 0x100000001b3;
  }

  std::uint64_t value_ = 0xcbf29ce484222325;
};

std::string in_one_line(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

NameKind kind_of(const std::string& item) {
  if (item == "column") return NameKind::column;
  if (item == "index") return NameKind::index;
  if (item == "trigger") return NameKind::trigger;
  return item == "parent" || item == "definition" ? NameKind::table : NameKind::constraint;
}

/// Returns whether items of this kind are identified by an explicit name.
bool is_found_by_name(const std::string& kind) {
  static constexpr auto kinds = std::to_array<std::string_view>({"column", "trigger", "option", "parent"});
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

class ItemReader {
 public:
  explicit ItemReader(const dialect::Dialect& dialect) : dialect_(dialect) {}

  std::vector<TableItem> read(const model::Table& table) {
    for (const model::Column& column : table.columns) add_column(column);
    if (table.primary_key) add_primary_key(*table.primary_key);
    for (const model::Unique& unique : table.uniques) add_unique(unique);
    for (const model::Check& check : table.checks) {
      items_.push_back({"check",
                        name_of(check.name, check.expression),
                        Hash().add(dialect_.lasting_sql(check.expression)).text(),
                        {},
                        true,
                        former_hashes(check.expression)});
    }
    for (const model::Exclusion& exclusion : table.exclusions) {
      items_.push_back({"exclusion",
                        name_of(exclusion.name, exclusion.definition),
                        Hash().add(dialect_.lasting_sql(exclusion.definition)).text(),
                        {},
                        true});
    }
    for (const model::ForeignKey& key : table.foreign_keys) add_foreign_key(key);
    for (const model::Index& index : table.indexes) add_index(index);
    for (const model::Trigger& trigger : table.triggers) add_trigger(trigger);
    for (const model::Name& parent : table.inherits) items_.push_back({"parent", to_string(parent), Hash().text()});
    for (const auto& [option, value] : table.options) {
      items_.push_back({"option", option, Hash().add(dialect_.lasting_sql(value)).text()});
    }
    return std::move(items_);
  }

  std::vector<TableItem> read(const model::View& view) {
    const auto hash = [&](const std::string& text) { return Hash().add(text).add(view.materialized).text(); };
    TableItem definition{"definition", view.name.name, hash(dialect_.lasting_sql(view.definition))};
    for (const std::string& text : dialect_.former_sql(view.definition)) definition.former_hashes.push_back(hash(text));
    items_.push_back(std::move(definition));
    for (const model::Index& index : view.indexes) add_index(index);
    for (const model::Trigger& trigger : view.triggers) add_trigger(trigger);
    return std::move(items_);
  }

  std::vector<TableItem> read(const model::Object& object) {
    return {{"definition", object.name.name, Hash().add(dialect_.lasting_sql(object.definition)).text()}};
  }

 private:
  static std::string name_of(const model::ConstraintName& name, const std::string& otherwise) {
    return name.text.empty() ? otherwise : name.text;
  }

  [[nodiscard]] std::vector<std::string> former_hashes(const std::string& sql) const {
    std::vector<std::string> hashes;
    for (const std::string& text : dialect_.former_sql(sql)) hashes.push_back(Hash().add(text).text());
    return hashes;
  }

  void add_trigger(const model::Trigger& trigger) {
    items_.push_back({"trigger",
                      trigger.name,
                      Hash().add(dialect_.lasting_sql(trigger.definition)).text(),
                      {},
                      false,
                      former_hashes(trigger.definition)});
  }

  // The type of an enum may be named differently elsewhere, and its values do not belong to the table.
  void add_column(const model::Column& column) {
    Hash hash;
    hash.add(column.enum_name.empty() ? dialect_.lasting_type(column.type) : "enum");
    hash.add(column.nullable).add(column.auto_increment).add(column.identity).add(column.identity_always);
    hash.add(column.default_expression.has_value());
    if (column.default_expression) hash.add(dialect_.lasting_sql(*column.default_expression));
    if (column.enum_name.empty()) {
      for (const std::string& value : column.enum_values) hash.add(value);
    }
    hash.add(column.computed.has_value());
    if (column.computed) hash.add(dialect_.lasting_sql(column.computed->expression)).add(column.computed->stored);
    hash.add(dialect_.fold(NameKind::collation, column.collation))
        .add(column.charset)
        .add(dialect_.lasting_sql(column.on_update));
    hash.add(column.not_null_on_conflict);
    items_.push_back({"column", column.name, hash.text()});
  }

  void add_parts(Hash& hash, TableItem& item, const std::vector<model::KeyPart>& parts) {
    for (const model::KeyPart& part : parts) {
      hash.add(dialect_.fold(NameKind::column, part.column)).add(dialect_.lasting_sql(part.expression));
      hash.add(dialect_.fold(NameKind::collation, part.collation)).add(part.descending);
      if (part.length) hash.add(static_cast<int>(*part.length));
      if (part.column.empty()) item.has_expression = true;
      if (!part.column.empty()) item.columns.push_back(part.column);
    }
  }

  void add_names(Hash& hash, const std::vector<std::string>& names) {
    for (const std::string& name : names) hash.add(dialect_.fold(NameKind::column, name));
    hash.add(static_cast<int>(names.size()));
  }

  void add_primary_key(const model::PrimaryKey& key) {
    TableItem item{"primary key", in_one_line(model::column_names(key.columns)), {}};
    Hash hash;
    add_parts(hash, item, key.columns);
    hash.add(key.on_conflict).add(static_cast<int>(key.deferral));
    add_names(hash, key.included);
    item.hash = hash.text();
    items_.push_back(std::move(item));
  }

  void add_unique(const model::Unique& unique) {
    TableItem item{"unique", name_of(unique.name, in_one_line(model::column_names(unique.columns))), {}};
    Hash hash;
    add_parts(hash, item, unique.columns);
    hash.add(unique.on_conflict).add(static_cast<int>(unique.deferral)).add(unique.nulls_not_distinct);
    add_names(hash, unique.included);
    item.hash = hash.text();
    items_.push_back(std::move(item));
  }

  void add_foreign_key(const model::ForeignKey& key) {
    Hash hash;
    add_names(hash, key.columns);
    const model::Name referenced = dialect_.fold_name(NameKind::table, key.referenced_table);
    hash.add(referenced.schema).add(referenced.name);
    add_names(hash, key.referenced_columns);
    hash.add(static_cast<int>(key.on_delete)).add(static_cast<int>(key.on_update));
    hash.add(static_cast<int>(key.deferral)).add(key.match);
    add_names(hash, key.set_columns);
    items_.push_back({"foreign key", name_of(key.name, in_one_line(key.columns)), hash.text(), key.columns});
  }

  void add_index(const model::Index& index) {
    TableItem item{"index", name_of(index.name, in_one_line(model::column_names(index.columns))), {}};
    Hash parts;
    add_parts(parts, item, index.columns);
    parts.add(index.unique).add(!index.where.empty());
    const auto hash = [&](const std::string& where) {
      Hash whole = parts;
      whole.add(where).add(index.method).add(index.parser).add(index.nulls_not_distinct);
      add_names(whole, index.included);
      return whole.text();
    };
    item.columns.insert(item.columns.end(), index.included.begin(), index.included.end());
    item.has_expression = item.has_expression || !index.where.empty();
    item.hash = hash(dialect_.lasting_sql(index.where));
    for (const std::string& text : dialect_.former_sql(index.where)) item.former_hashes.push_back(hash(text));
    items_.push_back(std::move(item));
  }

  const dialect::Dialect& dialect_;
  std::vector<TableItem> items_;
};

using ItemKey = std::vector<std::string>;

/// Pairs items with the same key, removes them from the lists and passes them on.
template <class MakeKey>
void pair_by(std::vector<std::size_t>& first, std::vector<std::size_t>& second,
             std::vector<std::pair<std::size_t, std::size_t>>& pairs, MakeKey key) {
  std::multimap<ItemKey, std::size_t> open;
  for (const std::size_t place : first) open.emplace(key(true, place), place);
  std::vector<std::size_t> rest;
  for (const std::size_t place : second) {
    const auto found = open.find(key(false, place));
    if (found == open.end()) {
      rest.push_back(place);
      continue;
    }
    pairs.emplace_back(found->second, place);
    std::erase(first, found->second);
    open.erase(found);
  }
  second = std::move(rest);
}

}  // namespace

std::vector<TableItem> items_of(const model::Table& table, const dialect::Dialect& dialect) {
  return ItemReader(dialect).read(table);
}

std::vector<TableItem> items_of(const model::View& view, const dialect::Dialect& dialect) {
  return ItemReader(dialect).read(view);
}

std::vector<TableItem> items_of(const model::Object& object, const dialect::Dialect& dialect) {
  return ItemReader(dialect).read(object);
}

std::string hash_of(const std::vector<TableItem>& items, const dialect::Dialect& dialect) {
  std::vector<ItemKey> keys;
  keys.reserve(items.size());
  for (const TableItem& item : items) {
    keys.push_back({item.kind,
                    is_found_by_name(item.kind) ? dialect.fold(kind_of(item.kind), item.name) : std::string(),
                    item.hash});
  }
  std::sort(keys.begin(), keys.end());
  Hash hash;
  for (const ItemKey& key : keys) {
    for (const std::string& part : key) hash.add(part);
  }
  return hash.text();
}

ItemMatch match_items(const std::vector<TableItem>& first, const std::vector<TableItem>& second,
                      const dialect::Dialect& dialect) {
  ItemMatch match;
  for (std::size_t i = 0; i < first.size(); ++i) match.only_first.push_back(i);
  for (std::size_t i = 0; i < second.size(); ++i) match.only_second.push_back(i);
  const auto item = [&](bool is_first, std::size_t place) -> const TableItem& {
    return is_first ? first[place] : second[place];
  };
  const auto name = [&](bool is_first, std::size_t place) {
    const TableItem& one = item(is_first, place);
    return ItemKey{one.kind, dialect.fold(kind_of(one.kind), one.name)};
  };
  const auto name_and_hash = [&](bool is_first, std::size_t place) {
    ItemKey key = name(is_first, place);
    key.push_back(item(is_first, place).hash);
    return key;
  };
  // A constraint is identified by its definition, not by its name.
  const auto hash = [&](bool is_first, std::size_t place) {
    const TableItem& one = item(is_first, place);
    return is_found_by_name(one.kind) ? name_and_hash(is_first, place) : ItemKey{one.kind, one.hash};
  };
  pair_by(match.only_first, match.only_second, match.same, name_and_hash);
  pair_by(match.only_first, match.only_second, match.same, hash);
  pair_by(match.only_first, match.only_second, match.changed, name);
  return match;
}

}  // namespace whimbrel::change

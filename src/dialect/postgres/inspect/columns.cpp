#include <map>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/inspect/catalog_state.h"
#include "dialect/postgres/text/deparsed_text.h"

namespace whimbrel::dialect::postgres {

namespace {

using SequencesByColumn = std::multimap<std::pair<std::int64_t, std::int64_t>, OwnedSequence*>;

struct ComputedColumn {
  const PgClass* relation;
  std::size_t place;
  std::int64_t number;
  std::vector<std::int64_t> used;
  bool is_inherited;
};

/// Creates a column from its row.
class ColumnReader {
 public:
  explicit ColumnReader(CatalogState& state) : state_(state) {
    for (OwnedSequence& sequence : state.sequences) {
      if (sequence.owner != 0) owned_.emplace(std::pair(sequence.owner, sequence.owner_column), &sequence);
    }
  }

  void read(const std::vector<Value>& values) {
    Fields row(values);
    const std::int64_t table_number = row.number();
    if (table_number != table_number_) relation_ = state_.find(table_number);
    table_number_ = table_number;
    if (relation_ == nullptr) return;
    const std::int64_t number = row.number();
    model::Column column;
    column.name = row.text();
    relation_->columns.resize(static_cast<std::size_t>(number));
    relation_->columns.back() = column.name;
    if (relation_->kind == 'v') {
      fill(column, row);
      state_.schema.views[relation_->place].columns.value.push_back(std::move(column));
      return;
    }
    if (relation_->kind != 'r' && relation_->kind != 'p') return;
    const bool is_inherited = !fill(column, row) || relation_->is_partition;
    add_value(column, number, is_inherited);
    std::vector<model::Column>& columns = table_with(*relation_, is_inherited).columns;
    if (column.computed) computed_.push_back({relation_, columns.size(), number, std::move(used_), is_inherited});
    columns.push_back(std::move(column));
  }

  /// A generated column may use later columns.
  void add_uses() {
    for (auto& [relation, place, number, used, is_inherited] : computed_) {
      std::erase(used, number);
      model::Column& column = table_with(*relation, is_inherited).columns[place];
      column.computed->uses.value = relation->used_columns(used);
    }
  }

 private:
  model::Table& table_with(const PgClass& relation, bool is_inherited) {
    return is_inherited ? state_.inherited[relation.number] : state_.schema.tables[relation.place];
  }

  /// Returns whether the table defines it itself, instead of only inheriting it.
  bool fill(model::Column& column, Fields& row) {
    column.type = type_of(row.text());
    column.nullable = !row.flag();
    identity_ = row.letter();
    generated_ = row.letter();
    expression_ = row.optional_text();
    own_type_ = row.text();
    column.collation = row.text();
    column.comment = row.text();
    const bool is_own = row.flag();
    const std::string schema = row.text();
    const std::string enum_name = row.text();
    if (!enum_name.empty()) column.enum_name = to_string(model::Name(schema, enum_name));
    used_ = row.numbers();
    const std::vector<std::int64_t> used_by_column = row.numbers();
    used_.insert(used_.end(), used_by_column.begin(), used_by_column.end());
    column.own_storage.value = row.flag();
    if (const std::optional<std::string> base = row.optional_text()) column.base_type.value = type_of(*base);
    return is_own;
  }

  /// Thousands of columns have the same few types.
  const model::Type& type_of(const std::string& text) {
    const auto [place, is_new] = types_.try_emplace(text);
    if (is_new) place->second = read_type(text).value_or(model::Type{text, {}});
    return place->second;
  }

  void add_value(model::Column& column, std::int64_t number, bool is_inherited) {
    if (identity_ != '\0') {
      // A partition has the parent's only as long as it is attached.
      // https://www.postgresql.org/docs/current/ddl-identity-columns.html
      const bool has_sequence = take_owned(number, nullptr, column);
      if (is_inherited && !has_sequence) return;
      column.auto_increment = column.identity = true;
      column.identity_always = identity_ == 'a';
      if (has_sequence) column.sequence_options = options_text(*column.sequence.value);
      return;
    }
    if (generated_ != '\0') {
      column.computed = model::Computed{without_parentheses(*expression_), generated_ == 's', {}};
      return;
    }
    if (expression_ && take_owned(number, &*expression_, column)) {
      column.auto_increment = true;
      const std::string& type = column.sequence.value->type;
      std::string& options = column.sequence_options = options_text(*column.sequence.value);
      if (type != column.type.name) options = "AS " + type + (options.empty() ? "" : " ") + options;
      return;
    }
    if (owned_.count({table_number_, number}) == 1) {
      column.sequence.value = owned_.find({table_number_, number})->second->facts;
    }
    if (expression_) column.default_expression = plain_default(*expression_, own_type_);
  }

  /// Finds the column's own sequence: of an identity column, or of a default that is its next value.
  bool take_owned(std::int64_t number, const std::string* expression, model::Column& column) {
    const auto [begin, end] = owned_.equal_range({table_number_, number});
    for (auto candidate = begin; candidate != end; ++candidate) {
      OwnedSequence& sequence = *candidate->second;
      if (expression == nullptr ? !sequence.is_identity : *expression != nextval(sequence.facts)) continue;
      sequence.is_part_of_column = true;
      column.sequence.value = sequence.facts;
      return true;
    }
    return false;
  }

  CatalogState& state_;
  SequencesByColumn owned_;
  std::unordered_map<std::string, model::Type> types_;
  std::int64_t table_number_ = 0;
  PgClass* relation_ = nullptr;
  char identity_ = '\0';
  char generated_ = '\0';
  std::optional<std::string> expression_;
  std::string own_type_;
  std::vector<std::int64_t> used_;  ///< The numbers of columns.
  std::vector<ComputedColumn> computed_;
};

}  // namespace

void read_columns(const Catalog& catalog, CatalogState& state) {
  ColumnReader reader(state);
  for (const std::vector<Value>& values : catalog.columns.values) reader.read(values);
  reader.add_uses();
}

}  // namespace whimbrel::dialect::postgres

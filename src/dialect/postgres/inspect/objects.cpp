#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/typed_table.h"
#include "dialect/postgres/inspect/catalog_state.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Objects and views, with the dependencies of each.
class ObjectGraph {
 public:
  explicit ObjectGraph(CatalogState& state) : state_(state) {
    for (const auto& [number, relation] : state.relations) {
      if (relation.kind != 'v' && relation.kind != 'm') continue;
      model::Object view;
      view.kind = "view";
      view.name = relation.name;
      view.after_tables = true;
      add({"pg_class", number}, std::move(view), relation.place);
    }
  }

  void add(Key key, model::Object object, std::optional<std::size_t> view = {}) {
    if (!view) state_.references.emplace(key, model::Reference{object.name, {}, object.kind});
    places_.emplace(key, nodes_.size());
    nodes_.push_back({std::move(key), std::move(object), view, {}, State::unseen});
  }

  void read_dependencies(const Rows::Data& rows) {
    for (const std::vector<Value>& values : rows.values) {
      Fields row(values);
      const auto from = places_.find(row.key());
      if (from == places_.end() || row.number() != 0) continue;
      const auto [catalogue, number] = row.key();
      const auto to = places_.find({catalogue, number});
      Node& node = nodes_[from->second];
      if (to != places_.end()) {
        node.uses.push_back(to->second);
      } else if (catalogue == "pg_class" && state_.find(number) != nullptr) {
        node.object.after_tables = true;
      }
    }
  }

  /// Adds them to the schema, each after those that it uses, otherwise by kind and name.
  void put() {
    std::vector<std::size_t> order(nodes_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::vector<std::size_t> ranks(nodes_.size());
    for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = rank(nodes_[i].object.kind);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(ranks[a], nodes_[a].object.name) < std::tie(ranks[b], nodes_[b].object.name);
    });
    views_.reserve(state_.schema.views.size());
    for (const std::size_t place : order) visit(place);
    state_.schema.views = std::move(views_);
  }

 private:
  enum class State { unseen, entered, placed };
  struct Node {
    Key key;
    model::Object object;
    std::optional<std::size_t> view;  ///< Its position among the views, if it is one.
    std::vector<std::size_t> uses;
    State state;
  };

  static std::size_t rank(const std::string& kind) {
    static constexpr std::array<std::string_view, 17> kinds = {"extension",
                                                               "collation",
                                                               "type",
                                                               "domain",
                                                               "sequence",
                                                               "function",
                                                               "procedure",
                                                               "cast",
                                                               "operator",
                                                               "aggregate",
                                                               "statistics",
                                                               "view",
                                                               "rule",
                                                               "policy",
                                                               "owner of sequence",
                                                               "publication",
                                                               "publication entry"};
    return static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
  }

  bool visit(std::size_t place) {
    Node& node = nodes_[place];
    if (node.state != State::unseen) return node.object.after_tables;
    node.state = State::entered;
    for (const std::size_t used : node.uses) {
      if (visit(used)) node.object.after_tables = true;
    }
    node.state = State::placed;
    if (node.view) {
      state_.find(node.key.second)->place = views_.size();
      views_.push_back(std::move(state_.schema.views[*node.view]));
    } else {
      state_.objects.emplace(node.key, state_.schema.objects.size());
      state_.schema.objects.push_back(node.object);
    }
    return node.object.after_tables;
  }

  CatalogState& state_;
  std::map<Key, std::size_t> places_;
  std::vector<Node> nodes_;
  std::vector<model::View> views_;
};

void add_sequences(const CatalogState& state, ObjectGraph& graph) {
  for (const OwnedSequence& sequence : state.sequences) {
    if (sequence.is_part_of_column) continue;
    const auto add = [&, number = sequence.number](const char* catalogue, model::Object object) {
      object.number.value = number;
      graph.add({catalogue, number}, std::move(object));
    };
    add("pg_class", sequence_object(sequence.facts));
    const auto owner = state.relations.find(sequence.owner);
    if (owner == state.relations.end()) continue;
    add("owner", ownership_object(sequence.facts, owner->second.name, owner->second.column(sequence.owner_column)));
  }
}

/// Adds the types of tables. These come first, and their columns have been read.
void add_types_of_tables(const CatalogState& state, ObjectGraph& graph) {
  for (const auto& [number, relation] : state.relations) {
    if (relation.type == 0) continue;
    std::vector<std::string> columns = relation.columns;
    std::erase(columns, "");
    model::Object object = typed_table_object(relation.name, columns, relation.type_name);
    const auto type = state.references.find({"pg_type", relation.type});
    if (type != state.references.end()) object.uses.value->push_back(type->second);
    std::sort(object.uses.value->begin(), object.uses.value->end());
    object.number.value = number;
    graph.add({typed_table_kind, number}, std::move(object));
  }
}

/// Returns the domains and composite types by their OIDs.
std::map<std::int64_t, model::TypeContents> read_type_contents(const Rows::Data& rows) {
  std::map<std::int64_t, model::TypeContents> types;
  for (const std::vector<Value>& values : rows.values) {
    Fields row(values);
    model::TypeContents& type = types[row.number()];
    const char letter = row.letter();
    std::string name = row.text();
    std::string text = row.text();
    model::Column part;
    part.collation = row.text();
    part.default_expression = row.optional_text();
    const bool flag = row.flag();
    if (letter == 'c') {
      type.checks.push_back({std::move(name), std::move(text), flag, false, {}});
      continue;
    }
    part.name = std::move(name);
    part.type = read_type(text).value_or(model::Type{text, {}});
    part.nullable = !flag;
    if (!text.empty()) type.attributes.push_back(std::move(part));
  }
  return types;
}

/// Returns how a trigger is enabled, if not as CREATE TRIGGER leaves it.
std::string_view trigger_state(char letter) {
  switch (letter) {
    case 'D':
      return "DISABLE";
    case 'R':
      return "ENABLE REPLICA";
    case 'A':
      return "ENABLE ALWAYS";
    default:
      return "";
  }
}

}  // namespace

void read_triggers(const Catalog& catalog, CatalogState& state) {
  for (const std::vector<Value>& values : catalog.triggers.values) {
    Fields row(values);
    const std::int64_t trigger_number = row.number();
    const std::int64_t number = row.number();
    model::Trigger trigger;
    trigger.name = row.text();
    trigger.definition = row.text();
    const std::string_view enabled = trigger_state(row.letter());
    const std::string table_name = row.text();
    if (const PgClass* const relation = state.find(number)) {
      trigger.uses.value = relation->used_columns(row.numbers());
    }
    if (!enabled.empty()) {
      sql::Writer writer(postgres_syntax);
      writer.raw(";\nALTER TABLE ").raw(table_name).raw(" ").raw(enabled).raw(" TRIGGER ").identifier(trigger.name);
      trigger.definition += writer.text();
    }
    model::Table* const table = state.find_table(number);
    model::View* const view = state.find_view(number);
    if (table == nullptr && view == nullptr) continue;
    std::vector<model::Trigger>& triggers = table != nullptr ? table->triggers : view->triggers;
    state.parts[{"pg_trigger", trigger_number}] = {number, 't', triggers.size(), false};
    triggers.push_back(std::move(trigger));
  }
}

void read_enums(const Catalog& catalog, CatalogState& state) {
  std::int64_t last = 0;
  for (const std::vector<Value>& values : catalog.enums.values) {
    Fields row(values);
    const std::int64_t number = row.number();
    std::string schema = row.text();
    std::string name = row.text();
    if (number != last) {
      state.schema.enums.push_back({model::Name(std::move(schema), std::move(name)), {}, {}});
      state.references[{"pg_type", number}] = {state.schema.enums.back().name, {}, "enum"};
    }
    last = number;
    if (std::optional<std::string> label = row.optional_text()) {
      state.schema.enums.back().values.push_back(std::move(*label));
    }
  }
}

void read_objects(const Catalog& catalog, bool everything, CatalogState& state) {
  ObjectGraph graph(state);
  std::map<std::int64_t, model::TypeContents> types = read_type_contents(catalog.type_contents);
  for (const std::vector<Value>& values : catalog.objects.values) {
    Fields row(values);
    Key key = row.key();
    model::Object object;
    object.kind = row.text();
    object.name.schema = row.text();
    object.name.name = row.text();
    if (object.kind == "schema") {
      state.schema.schemas.push_back(object.name.name);
      continue;
    }
    object.definition = row.text();
    object.removal = row.text();
    static_cast<void>(row.text());    // Its comment
    static_cast<void>(row.number());  // and that comment's number are read later.
    object.move.value = row.text();
    if (const std::string home = row.text(); !home.empty()) {
      object.uses.value = std::vector<model::Reference>{{model::Name(home), {}, "schema"}};
    }
    if (const std::string unnamed = row.text(); !unnamed.empty()) {
      object.definition = with_parameter(object.definition, unnamed);
    }
    if (std::optional<std::string> fixed = row.optional_text()) {
      object.alteration.value = model::Alteration{*std::move(fixed), row.number(), row.text()};
    }
    // A cast would take part in the conversion of columns.
    static constexpr std::array<std::string_view, 6> late = {"statistics",        "policy", "rule", "publication",
                                                             "publication entry", "cast"};
    object.after_tables = std::find(late.begin(), late.end(), object.kind) != late.end();
    object.after_views = object.kind == "policy";
    object.number.value = key.second;
    if (key.first == "pg_type") {
      if (const auto type = types.find(key.second); type != types.end()) object.type.value = std::move(type->second);
    }
    graph.add(std::move(key), std::move(object));
  }
  std::sort(state.schema.schemas.begin(), state.schema.schemas.end());
  if (everything) {
    add_sequences(state, graph);
    add_types_of_tables(state, graph);
  }
  graph.read_dependencies(catalog.uses);
  graph.put();
}

}  // namespace whimbrel::dialect::postgres

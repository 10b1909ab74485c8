#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// Sorts the places of created and of dropped tables, so that each table is created after, and dropped before, those
/// that it references. Those in a cycle are not moved.
void order_tables(const std::vector<operation::Operation>& operations, std::vector<std::size_t>& places);

/// An item and the names of those that it needs.
struct Needing {
  model::Name name;
  std::vector<model::Name> needs;
};

/// Returns the places of the items, each after those that it needs; those in a cycle keep their order.
[[nodiscard]] std::vector<std::size_t> places_by_needs(const std::vector<Needing>& items);

/// Sorts the items so. `needs_of`: returns the names of those that an item needs.
template <class Item, class NeedsOf>
void sort_by_needs(std::vector<Item>& items, const NeedsOf& needs_of) {
  std::vector<Needing> needing;
  needing.reserve(items.size());
  for (const Item& item : items) needing.push_back({item.name, needs_of(item)});
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const std::size_t place : places_by_needs(needing)) sorted.push_back(std::move(items[place]));
  items = std::move(sorted);
}

}  // namespace whimbrel::plan

#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Two expressions as the server deparses them; nullopt if it rejects them. The current one may differ from its catalog
/// text: PostgreSQL parses `a = ANY ((ARRAY[...])::text[])`, which it wrote itself, and deparses it in a different
/// way.
struct ExpressionProbe {
  const diff::ExpressionPair* pair = nullptr;
  std::optional<std::string> current;
  std::optional<std::string> desired;
  std::size_t number = 0;  ///< Identifies it while the server is asked.
};

/// Creates desired objects invisibly, in a transaction that is rolled back, to read how the server deparses them: as
/// temporary tables and views, or in a separate schema if the role may create only that.
class Canonicalizer {
 public:
  explicit Canonicalizer(Connection& connection) : connection_(connection) {}

  /// Asks about hundreds of tables at once; rejected ones are found by splitting in halves.
  void spell(std::span<ExpressionProbe> probes);
  /// Returns which of the desired views equal the current ones.
  [[nodiscard]] std::vector<bool> compare_views(std::span<const diff::ViewPair> pairs);
  /// Returns false once the role has turned out to have no place for a candidate.
  [[nodiscard]] bool can_ask() const { return place_ != Place::nowhere; }

 private:
  enum class Place { temporary, schema, nowhere };
  using Group = std::vector<ExpressionProbe*>;  ///< Over one table.
  class ProbeTable;
  using Answers = std::optional<std::vector<Rows::Data>>;

  void spell_halves(std::span<const Group> groups);
  /// Returns false if the server rejected one of them.
  [[nodiscard]] bool spell_groups(std::span<const Group> groups);
  void compare_halves(std::span<const diff::ViewPair> pairs, std::size_t first, std::vector<bool>& same);
  [[nodiscard]] bool compare_together(std::span<const diff::ViewPair> pairs, std::size_t first,
                                      std::vector<bool>& same);

  /// Runs the statements for the current place; nullopt if the server rejects them.
  [[nodiscard]] Answers run(const std::function<std::vector<std::string>()>& make);
  /// Switches to the next place if nothing can be created in this one.
  [[nodiscard]] bool change_place();
  [[nodiscard]] std::string begin_creation(const char* kind, std::string_view name) const;
  [[nodiscard]] std::string place_number() const;
  [[nodiscard]] std::vector<std::string> tables_sql(std::span<const Group> groups) const;

  Connection& connection_;
  Place place_ = Place::temporary;
};

}  // namespace whimbrel::dialect::postgres

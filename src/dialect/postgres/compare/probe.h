#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Two expressions as the server spells them; nothing if it refuses them. The current one may come out otherwise than
/// it stands in the catalogue: PostgreSQL reads `a = ANY ((ARRAY[...])::text[])`, which it wrote, and writes it in
/// another way.
struct ExpressionProbe {
  const diff::ExpressionPair* pair = nullptr;
  std::optional<std::string> current;
  std::optional<std::string> desired;
  std::size_t number = 0;  ///< Told from others by it, while the server is asked.
};

/// Makes what is desired where nobody sees it, in a transaction that is rolled back, to read how the server spells it:
/// temporary tables and views, or a schema of its own where the role may make that and not those.
class Prober {
 public:
  explicit Prober(Connection& connection) : connection_(connection) {}

  /// Asks for hundreds of tables at once; what the server refuses is found by halves.
  void spell(std::span<ExpressionProbe> probes);
  /// Which of the desired views are the current ones.
  [[nodiscard]] std::vector<bool> compare_views(std::span<const diff::ViewPair> pairs);
  /// No once the role has turned out to have no place for a candidate.
  [[nodiscard]] bool can_ask() const { return place_ != Place::nowhere; }

 private:
  enum class Place { temporary, schema, nowhere };
  using Group = std::vector<ExpressionProbe*>;  ///< Over one table.
  class Workbench;
  using Answers = std::optional<std::vector<Rows::Data>>;

  void spell_halves(std::span<const Group> groups);
  /// False if the server refused one of them.
  [[nodiscard]] bool spell_groups(std::span<const Group> groups);
  void compare_halves(std::span<const diff::ViewPair> pairs, std::size_t first, std::vector<bool>& same);
  [[nodiscard]] bool compare_together(std::span<const diff::ViewPair> pairs, std::size_t first,
                                      std::vector<bool>& same);

  /// Runs the statements that are made for the place that there is; nothing if the server refuses them.
  [[nodiscard]] Answers run(const std::function<std::vector<std::string>()>& make);
  /// Goes on to the next place if nothing can be made in this one.
  [[nodiscard]] bool change_place();
  [[nodiscard]] std::string begin_creation(const char* kind, std::string_view name) const;
  [[nodiscard]] std::string place_number() const;
  [[nodiscard]] std::vector<std::string> tables_sql(std::span<const Group> groups) const;

  Connection& connection_;
  Place place_ = Place::temporary;
};

}  // namespace whimbrel::dialect::postgres

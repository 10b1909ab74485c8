#include "toy_database/dialect.h"

namespace whimbrel::toy {

namespace {

/// No statement loses rows unseen, and no setting is changed.
class ToyGuard final : public dialect::SafetyGuard {
 public:
  explicit ToyGuard(dialect::Connection& connection) : connection_(connection) {}

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    return parameters == nullptr ? connection_.run(sql) : connection_.run(sql, *parameters);
  }
  void watch_rebuilds(dialect::WrittenMigration) override {}
  void before_commit() override {}
  void finish() override {}
  // Nothing can undo its first statements when the last one fails.
  void run_whole(const std::function<void()>& operation) override { operation(); }

 private:
  dialect::Connection& connection_;
};

}  // namespace

std::unique_ptr<dialect::SafetyGuard> make_guard(dialect::Connection& connection) {
  return std::make_unique<ToyGuard>(connection);
}

}  // namespace whimbrel::toy

#include <atomic>

#include "toy_database/client/engine.h"
#include "toy_database/dialect.h"
#include "whimbrel/error.h"
#include "whimbrel/toy.h"

namespace whimbrel::toy {

namespace {

class ToyConnection final : public dialect::Connection {
 public:
  ToyConnection(std::shared_ptr<Database> database, std::string description, bool read_only)
      : engine_(std::move(database), read_only), description_(std::move(description)) {}

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters,
                     dialect::StatementObserver* observer) override {
    Rows::Data last;
    for (const std::string_view statement : split_statements(sql)) {
      if (is_interrupted_.exchange(false)) throw Error(ErrorKind::interrupted, "Interrupted.");
      if (observer != nullptr) observer->before(statement);
      Rows::Data rows = engine_.run(statement, parameters);
      if (observer != nullptr) give(rows, *observer);
      if (observer != nullptr) observer->after(statement);
      if (!rows.columns.empty()) last = std::move(rows);
    }
    return last;
  }
  bool is_transaction_active() const override { return engine_.is_transaction_active(); }
  void interrupt() noexcept override { is_interrupted_ = true; }
  dialect::ServerFacts server() const override { return {.version = 10000}; }
  std::string description() const override { return description_; }
  std::unique_ptr<Connection> open_scratch() const override {
    return std::make_unique<ToyConnection>(std::make_shared<Database>(), "scratch toy database", false);
  }

 private:
  static void give(Rows::Data& rows, dialect::StatementObserver& observer) {
    std::erase_if(rows.values, [&](const std::vector<Value>& row) { return observer.take(rows.columns, row); });
  }

  Engine engine_;
  std::string description_;
  std::atomic<bool> is_interrupted_{false};
};

std::unique_ptr<dialect::Connection> open(const dialect::ConnectionOptions& options) {
  const std::string name = options.url.substr(options.url.find(':') + 1);
  const bool make = !options.must_exist && !options.read_only;
  std::shared_ptr<Database> database = find_database(name, make);
  if (database == nullptr && options.must_exist && !options.read_only) {
    throw Error(ErrorKind::connection, "There is no toy database \"" + name + "\".");
  }
  if (database == nullptr) database = std::make_shared<Database>();
  return std::make_unique<ToyConnection>(std::move(database), "toy database \"" + name + '"', options.read_only);
}

std::unique_ptr<dialect::Connection> attach(void* native, const dialect::ConnectionOptions& options) {
  if (native == nullptr) throw Error(ErrorKind::usage, "The program's toy database is a null pointer.");
  const std::shared_ptr<Database> database(static_cast<Database*>(native), [](Database*) {});
  return std::make_unique<ToyConnection>(database, "toy database of the program", options.read_only);
}

std::unique_ptr<dialect::Connection> open_scratch(const dialect::ConnectionOptions&) {
  return std::make_unique<ToyConnection>(std::make_shared<Database>(), "scratch toy database", false);
}

constexpr const char* schemes[] = {"toy", nullptr};

}  // namespace

const Driver& driver() {
  static const Driver instance{make_dialect, open, attach, open_scratch, schemes};
  return instance;
}

}  // namespace whimbrel::toy

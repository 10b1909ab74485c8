#pragma once

#include <doctest/doctest.h>

#include "run/runner.h"
#include "run/status.h"
#include "session/url.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/schema.h"

// A shop whose second migration ends halfway.

namespace whimbrel::fixture::partial {

using session::Session;

inline const std::string product_migration = "Product1800000000000", cents_migration = "Cents1800000000001";

inline const std::string raise_prices = "UPDATE product SET price = price * 100";
inline const std::string lower_prices = "UPDATE product SET price = price / 100";
inline const std::string add_currency = "ALTER TABLE product ADD currency char(3)";
inline const std::string drop_currency = "ALTER TABLE product DROP currency";
inline const std::string add_unique = "ALTER TABLE product ADD UNIQUE (name)";
inline const std::string drop_unique = "ALTER TABLE product DROP INDEX name";

/// Two products of the same name, so that no unique can be added.
class Shop : public MysqlDatabase {
 public:
  Shop() {
    up({});
    query("INSERT INTO product VALUES (1, 10, 'a'), (2, 20, 'a')");
  }

  /// Runs `migrations`; `more`: the second migration. Returns the error, if there was one.
  std::string up(std::vector<Script> more, TransactionMode mode = TransactionMode::each, bool fake = false) const {
    return go(std::move(more), [&](Session& session) {
      run::RunOptions options;
      options.transaction = mode;
      options.fake = fake;
      run::run_migrations(session, options);
    });
  }
  std::string down(std::vector<Script> more, bool fake = false) const {
    return go(std::move(more), [&](Session& session) {
      run::RevertOptions options;
      options.fake = fake;
      run::revert_migrations(session, options);
    });
  }
  /// Returns the warnings of the last command.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return log_.warnings; }
  [[nodiscard]] std::string prices() const { return query("SELECT price FROM product ORDER BY id"); }
  [[nodiscard]] bool is_partial(std::vector<Script> more) const {
    bool is_partial = false;
    go(std::move(more), [&](Session& session) {
      for (const run::MigrationStatus& one : run::status(session)) is_partial = is_partial || one.partial.has_value();
    });
    return is_partial;
  }

 private:
  template <class Function>
  std::string go(std::vector<Script> more, Function function) const {
    more.insert(more.begin(),
                {product_migration,
                 statements({"CREATE TABLE product (id int PRIMARY KEY, price int NOT NULL, name varchar(20))"}),
                 statements({"DROP TABLE product"})});
    const Program program(std::move(more));
    DataSourceOptions options = this->options(program);
    options.busy_timeout = std::chrono::milliseconds(500);
    log_ = {};
    log_.attach(options);
    try {
      Session session(options);
      function(session);
    } catch (const Error& error) {
      return std::string(error.what()) + '\n' + error.remedy();
    }
    return {};
  }

  mutable Log log_;
};

inline Script cents(std::vector<std::string> up, std::vector<std::string> down) {
  return {cents_migration, statements(std::move(up)), statements(std::move(down))};
}

inline std::unique_ptr<dialect::Connection> open_writer(const Shop& shop) {
  return session::find_driver(detail::linked_drivers(), shop.url()).open({.url = shop.url()});
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace whimbrel::fixture::partial

#pragma once

#include <whimbrel/entity.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// The tables after the generated migrations, which `makemigrations` wrote on databases with the first migration:
// KILLS_DIRECTORY=tests/kills/migrations kills_program makemigrations --url URL. MariaDB and MySQL have one each.

namespace whimbrel::kills {

enum class Standing { plain, good, best };

struct Customer {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
  std::optional<std::string> town;
  std::int64_t balance{};
  std::optional<std::string> note;
  std::string language;
  Standing standing{};

  static void describe(Entity<Customer>& customer) {
    customer.primary_generated<&Customer::id>();
    customer.column<&Customer::email>({.length = 200});
    customer.column<&Customer::name>({.length = 80});
    customer.column<&Customer::town>({.length = 60});
    customer.column<&Customer::balance>({.default_value = 0});
    customer.column<&Customer::note>({.type = "text"});
    customer.column<&Customer::language>({.length = 10, .default_value = "de"});
    customer.column<&Customer::standing>({.default_value = Standing::good});
    customer.unique<&Customer::email>({.name = "customer_email"});
    customer.index<&Customer::town, &Customer::name>();
  }
};

struct Account {
  std::int64_t id{};
  std::int64_t customer{};
  std::optional<std::string> label;

  static void describe(Entity<Account>& account) {
    account.primary_generated<&Account::id>();
    account.column<&Account::customer>({.unique = true});
    account.column<&Account::label>({.length = 30});
    account.many_to_one<&Account::customer, &Customer::id>({.on_delete = OnDelete::cascade});
  }
};

struct Product {
  std::int32_t id{};
  std::string title;
  std::int64_t price{};
  std::optional<std::string> description;
  bool is_sold{};

  static void describe(Entity<Product>& product) {
    product.primary_generated<&Product::id>();
    product.column<&Product::title>({.length = 100});
    product.column<&Product::price>();
    product.column<&Product::description>({.type = "mediumtext"});
    product.column<&Product::is_sold>({.default_value = true});
    product.index<&Product::title>();
  }
};

struct Purchase {
  std::int64_t id{};
  std::int64_t customer{};
  std::int64_t amount{};
  std::optional<std::string> code;
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> placed;
  std::optional<std::int32_t> product;

  static void describe(Entity<Purchase>& purchase) {
    purchase.primary_generated<&Purchase::id>();
    purchase.column<&Purchase::customer>();
    purchase.column<&Purchase::amount>();
    purchase.column<&Purchase::code>({.length = 60});
    purchase.column<&Purchase::placed>({.precision = 0});
    purchase.column<&Purchase::product>();
    purchase.many_to_one<&Purchase::customer, &Customer::id>({.name = "purchase_customer"});
    purchase.many_to_one<&Purchase::product, &Product::id>();
    purchase.index<&Purchase::customer>({.name = "purchase_customer"});
    purchase.check("amount > -1000000");
  }
};

struct Setting {
  std::string name;
  std::optional<std::string> value;

  static void describe(Entity<Setting>& setting) {
    setting.primary_column<&Setting::name>({.length = 40});
    setting.column<&Setting::value>({.type = "mediumtext"});
  }
};

struct Visit {
  std::int64_t id{};
  std::string page;
  std::optional<std::int32_t> seconds;

  static void describe(Entity<Visit>& visit) {
    visit.primary_generated<&Visit::id>();
    visit.column<&Visit::page>({.length = 80, .comment = "Pfad"});
    visit.column<&Visit::seconds>();
  }
};

struct VisitBefore {
  std::int64_t id{};
  std::string page;
  std::optional<std::int32_t> seconds;

  static void describe(Entity<VisitBefore>& visit) {
    visit.table({.name = "visit_before"});
    visit.primary_generated<&VisitBefore::id>();
    visit.column<&VisitBefore::page>({.length = 80});
    visit.column<&VisitBefore::seconds>();
    visit.index<&VisitBefore::page>();
  }
};

struct Log {
  std::string entry;
  std::int64_t amount{};

  static void describe(Entity<Log>& log) {
    log.table({.primary_key = false});
    log.column<&Log::entry>({.length = 200});
    log.column<&Log::amount>();
    log.index<&Log::entry>();
  }
};

struct CustomerTown {
  static void describe(View<CustomerTown>& view) {
    view.query("SELECT town, COUNT(*) AS customers, SUM(balance) AS balance FROM customer GROUP BY town",
               {.name = "customer_town"});
  }
};

}  // namespace whimbrel::kills

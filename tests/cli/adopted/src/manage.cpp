#include <whimbrel/manage.h>

#include <cstdlib>
#include <string>

#include "app_migrations.h"
#include "awkward/entities.h"
#include "everything/entities.h"
#include "library/entities.h"
#include "postgres_library/entities.h"
#include "records/entities.h"
#include "trade/entities.h"

// A program for several databases that were there before it; DATABASE says which. WHIMBREL_URL says where it is.

namespace {

whimbrel::Entities entities_of(const std::string& database) {
  if (database == "records") return records::all_entities();
  if (database == "everything") return everything::all_entities();
  if (database == "postgres_library") return postgres_library::all_entities();
  if (database == "library") return library::all_entities();
  if (database == "trade") return shop::trade::all_entities();
  return all_entities();
}

}  // namespace

int main(int argc, char** argv) {
  const char* database = std::getenv("DATABASE");
  return whimbrel::manage(argc, argv,
                          {.url = "sqlite:none.db",
                           .entities = entities_of(database == nullptr ? "" : database),
                           .migrations = app_migrations()});
}

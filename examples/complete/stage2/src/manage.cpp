#include <whimbrel/manage.h>

#include "app_migrations.h"
#include "entities/user.h"

int main(int argc, char** argv) {
  return whimbrel::manage(argc, argv,
                          {.url = "sqlite:app.db",
                           .entities = whimbrel::entities<User>(),
                           .migrations = app_migrations()});
}

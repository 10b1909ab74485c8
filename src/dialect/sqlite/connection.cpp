#include "dialect/connection.h"

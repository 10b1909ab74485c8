#include "whimbrel/manage.h"

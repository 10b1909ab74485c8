#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command/build.h"
#include "cli/command/init.h"
#include "cli/command/process.h"
#include "cli/command/project.h"
#include "cli/error_text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/unknown_command.h"
#include "cli/version.h"
#include "dialect/url.h"

namespace {

using namespace whimbrel;

constexpr const char* usage =
    "Usage: whimbrel COMMAND [OPTIONS]\n"
    "\n"
    "Manages database migrations of a C++ project. Builds the project's `manage` program and runs COMMAND\n"
    "in it. The project is the nearest directory, from the working directory up, with a whimbrel.toml or a\n"
    "CMakeLists.txt that uses whimbrel.\n"
    "\n"
    "Commands:\n"
    "  init DIR         Create a project\n";

int print_help() {
  std::fputs(usage, stdout);
  for (const cli::CommandSummary& command : cli::command_summaries) {
    std::printf("  %-16s %s\n", command.name, command.summary);
  }
  std::puts(
      "\nRun `whimbrel COMMAND --help` for options.\n"
      "Environment: WHIMBREL_URL or DATABASE_URL sets the database; NO_COLOR disables color.");
  return cli::done;
}

Error wrong_usage(const std::string& message) {
  return Error(ErrorKind::usage, message).with_remedy("Run `whimbrel --help` for the commands.");
}

constexpr const char* init_usage =
    "Usage: whimbrel init DIR [--url URL]...\n"
    "\n"
    "Creates a project in DIR; fails if one of its files already exists. URL is the project's database, for example\n"
    "postgresql:///app; the default is sqlite:app.db. A password in the URL is not written into the files. With URLs "
    "of\n"
    "several databases, each has its own migrations; the first URL is the default.";

int init(std::vector<std::string> arguments) {
  const bool asks_for_help = arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h");
  if (asks_for_help) {
    std::puts(init_usage);
    return cli::done;
  }
  std::vector<std::string> urls;
  const auto find_url = [&] { return std::find(arguments.begin(), arguments.end(), "--url"); };
  for (auto option = find_url(); arguments.end() - option >= 2; option = find_url()) {
    if (!option[1].empty()) urls.push_back(option[1]);
    arguments.erase(option, option + 2);
  }
  if (arguments.size() != 1 || arguments[0].starts_with('-')) {
    throw Error(ErrorKind::usage, "`whimbrel init` needs exactly one directory.")
        .with_remedy("Run `whimbrel init --help`.");
  }
  for (const std::string& path : cli::init_project(arguments[0], urls)) {
    std::printf("Wrote %s\n", (std::filesystem::path(arguments[0]) / path).c_str());
  }
  if (!urls.empty() && dialect::strip_password(urls.front()) != urls.front()) {
    std::puts(
        "The password is not in the files: set it with PGPASSFILE or PGPASSWORD, or set the whole URL with "
        "WHIMBREL_URL.");
  }
  std::printf("Next: cd %s, then whimbrel makemigrations and whimbrel migrations.\n", arguments[0].c_str());
  return cli::done;
}

// Returns whether the command needs the entities or the database of a program.
bool needs_program(const cli::Arguments& arguments) {
  if (const auto* diff = std::get_if<cli::Diff>(&arguments.command)) {
    return cli::is_entities(diff->from) || cli::is_entities(diff->to);
  }
  return arguments.url.empty() && cli::url_of_environment().url.empty();
}

// Returns whether the command line needs no project, or is invalid regardless of the project. Help never needs one.
bool is_own(const std::string& command, int argc, const char* const* argv) {
  const auto parsed = cli::parse_arguments(argc, argv, "whimbrel");
  const auto* message = std::get_if<cli::Message>(&parsed);
  if (message != nullptr && message->exit_code == cli::done) return true;
  if (command != "diff" && command != "inspect" && command != "entities") return false;
  return message != nullptr || !needs_program(std::get<cli::Arguments>(parsed));
}

int run(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) throw wrong_usage("A command is required.");
  const std::string& command = arguments.front();
  if (command == "--help" || command == "-h" || command == "help") return print_help();
  if (command == "init") return init({arguments.begin() + 1, arguments.end()});
  if (command == "version" || command == "--version") {
    std::puts(cli::version_text().c_str());
    return cli::done;
  }
  if (const auto error = cli::unknown_command(command)) throw wrong_usage(*error);
  if (is_own(command, argc, argv)) return cli::run_program("whimbrel", argc, argv, {});
  // These commands report and resolve conflicts that fail a build, and need a build to do so.
  if (command == "status" || command == "makemigrations") ::setenv("WHIMBREL_ALLOW_CONFLICTS", "1", 1);
  const cli::Project project = cli::find_project(std::filesystem::current_path());
  cli::become(cli::build(project, cli::own_file(argv[0])), arguments, project.directory);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const cli::BuildFailure& failure) {
    std::fputs(failure.what(), stderr);
    std::fprintf(stderr, "%s%s\n", cli::Style::of(stderr).red("error: ").c_str(),
                 "The project failed to build; the compiler output is above.");
    return cli::failed;
  } catch (const Error& error) {
    std::fputs(cli::error_text(error, cli::Style::of(stderr)).c_str(), stderr);
    return cli::exit_code(error.kind());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s%s\n", cli::Style::of(stderr).red("error: ").c_str(), error.what());
    return cli::failed;
  }
}

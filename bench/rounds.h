#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// One thing that is measured against others.
struct Subject {
  std::string name;
  std::function<void()> run;
  std::function<void()> prepare;  ///< Comes before each run, and is not measured.
  std::vector<double> milliseconds;

  Subject(
      std::string subject_name, std::function<void()> function, std::function<void()> preparation = [] {})
      : name(std::move(subject_name)), run(std::move(function)), prepare(std::move(preparation)) {}

  [[nodiscard]] double median() const {
    std::vector<double> sorted = milliseconds;
    std::sort(sorted.begin(), sorted.end());
    return sorted.empty() ? 0 : sorted[sorted.size() / 2];
  }
};

/// How long a work takes.
inline double milliseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// Runs the subjects in turns, so that what disturbs the machine disturbs all of them. The first round warms the caches
/// up and does not count.
inline void run_in_turns(std::vector<Subject>& subjects, std::size_t rounds) {
  for (std::size_t round = 0; round <= rounds; ++round) {
    for (Subject& subject : subjects) {
      subject.prepare();
      const double duration = milliseconds(subject.run);
      if (round > 0) subject.milliseconds.push_back(duration);
    }
  }
}

/// Prints the median of the last subject, and its ratios to those before it.
inline void print(const std::string& what, const std::vector<Subject>& subjects) {
  const double ours = subjects.back().median();
  std::printf("%s: %9.2f ms\n", what.c_str(), ours);
  for (std::size_t i = 0; i + 1 < subjects.size(); ++i) {
    const double floor = subjects[i].median();
    std::printf("    %-44s  %9.2f ms, ratio %.2f\n", subjects[i].name.c_str(), floor, ours / floor);
  }
  static_cast<void>(std::fflush(stdout));
}

}  // namespace bench

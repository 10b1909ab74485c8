#!/usr/bin/env python3
"""Checks that texts use the standard words of the field.

    check_wording.py ROOT    prints each phrase to avoid with a better one, exits with 1 if there is any

Looked at are the documents, the comments and string literals of public headers, and of the layers in `STRICT`, and all
text of the files in `SCRIPTS`.
"""

import re
import sys
from pathlib import Path

# A phrase to avoid (a regular expression, in any case of its letters) and a better one.
PHRASES = {
    r"counts? up|counted up|counting up": "auto-increment",
    r"takes? no NULL|take NULL|may be NULL": "is NOT NULL; is nullable",
    r"made anew|makes? (\S+ )?anew|made again|makes? (it|them) again": "recreated (drop and create), rebuilt (a table), regenerated (a file)",
    r"rows? that (are|is) there|tables? that (are|is) there": "existing rows, existing tables",
    r"(comput|build)\w+ (\w+ )?anew|built (\w+ )?anew": "recomputes, rebuilds",
    r"(is|are|was|were) left alone|leaves? \w+ alone": "is unmanaged; is not touched",
    r"mistakes? of whimbrel": "a bug in whimbrel",
    r"not proved|was proved": "not verified",
    r"arrives? at|comes? back to": "produces (up), restores (down)",
    r"go(es)? on (after|although|with)": "continues",
    r"look at the \w+": "check the ...",
    r"(stands|stand) in (double )?quotes": "is in quotes",
    r"\bin words\b": "as display text",
    r"(?<!')\b(nobody|somebody|everybody)\b": "name the actor: the user, another session, another process",
    r"columns? that an index only|only carried along": "INCLUDE columns",
    r"NULLs? (are|is) equal|two NULLs": "NULLS NOT DISTINCT",
    r"waits? for the commit": "deferrable",
    r"great tables?": "large table",
    r"part by part": "in batches",
    r"brings? (itself|its (own )?database) up to date": "upgrades its own database",
    r"by way of": "through",
    r"stops? to be|stops being nullable": "becomes NOT NULL",
    r"have it not|has it not": "does not have it",
    r"makes no sense": "is invalid",
    r"is passed over|are passed over": "is ignored, is skipped",
    r"can'?t be seen": "is not visible",
    r"the error stream": "standard error",
    r"the catalogues?\b": "the catalog",
    r"tells? (the \w+ )?apart|told apart": "distinguishes",
    r"(where|how) (it|they|((the|a|an|this|that|one) )?(migration|run)s?) stands?": "how far it got; its state",
    r"(the|a|an|this|that|one|each|every) (migration|run) stands": "how far it got; its state",
    r"go(es)? forward|going forward|gone forward|went forward": "is applied again; continues",
    r"in vain": "timed out; had no effect",
    r"(has|have|had) no part in": "does not run it; is not used by it",
    r"(is|are|was|were) another (one|than)": "is a different one; differs from",
}

# The layers whose comments and literals have been edited; add a layer when its texts are.
STRICT = [
    "include/whimbrel",
    "src/change",
    "src/cli",
    "src/data_source",
    "src/dialect",
    "src/diff",
    "src/entity",
    "src/history",
    "src/model",
    "src/operation",
    "src/plan",
    "src/query_runner",
    "src/run",
    "src/session",
    "src/sql",
    "src/write",
]
DOCUMENTS = ["*.md", "docs/*.md", "examples/**/*.md"]
SCRIPTS = ["cmake/**/*", "scripts/**/*"]

COMMENT_OR_LITERAL = re.compile(r'//[^\n]*|R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def texts_of_source(text):
    """The text with a space for everything but its comments and literals; lines keep their numbers."""
    result, end = [], 0
    for match in COMMENT_OR_LITERAL.finditer(text):
        result.append(re.sub(r"[^\n]+", " ", text[end : match.start()]))
        result.append(match.group())
        end = match.end()
    result.append(re.sub(r"[^\n]+", " ", text[end:]))
    return "".join(result)


def texts_of_document(text):
    """The document without code: the output of commands is quoted from the sources, which are checked."""
    return CODE.sub(blank, FENCE.sub(blank, text))


def find_phrases(text):
    for phrase, better in PHRASES.items():
        # A phrase may continue on the next line, in a comment or in a literal.
        pattern = phrase.replace(" ", r'(?: ?"?\s*\n\s*(?:///?<?|"|#)?\s*| )')
        for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
            yield text.count("\n", 0, match.start()) + 1, re.sub(r"\s+", " ", match.group()), better


def check(root):
    problems = []
    sources = [path for layer in STRICT for path in sorted((root / layer).rglob("*")) if path.suffix in (".h", ".cpp")]
    others = [path for pattern in DOCUMENTS + SCRIPTS for path in sorted(root.glob(pattern)) if path.is_file()]
    for path in sources + others:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            text = texts_of_document(text)
        elif path.suffix in (".h", ".cpp"):
            text = texts_of_source(text)
        for line, found, better in find_phrases(text):
            problems.append(f'{path.relative_to(root)}:{line}: "{found}": better: {better}')
    return problems


def main():
    problems = check(Path(sys.argv[1]).resolve())
    print("\n".join(problems) if problems else "No phrases to avoid.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""For instructors: python -m unrolled.exercises list | export 2 --to assignment/"""

import argparse
import sys

from unrolled.exercises import bank
from unrolled.exercises.assignment import export


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m unrolled.exercises", description=__doc__.split(":")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every exercise, one a line")
    one = commands.add_parser("export", help="a chapter's exercises as an nbgrader source notebook")
    one.add_argument("chapter", type=int)
    one.add_argument("--to", default="assignment", help="folder, made if missing (default: assignment)")
    options = parser.parse_args(arguments)
    exercises = list(bank().values())
    if options.command == "list":
        for e in exercises:
            print(f"{e.id:24} {e.kind:8} {e.difficulty}  {e.minutes:3} min  to {e.objective}")
        return 0
    try:
        target = export(options.chapter, exercises, options.to)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{target}: put it into nbgrader's source/ASSIGNMENT/, then run `nbgrader generate_assignment ASSIGNMENT`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

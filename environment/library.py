"""The library as it is published, with all that checks it: unit tests, formatting, lint, Javadoc,
licences. `camlab.py test` starts this beside the lessons, which use what the set-up has built."""
from __future__ import annotations

import signal
import sys

import commands
import jdk
import lock
import maven
import prepare
from console import StatusLine
from project import Project, use_plain_output


def main() -> int:
    use_plain_output()
    signal.signal(signal.SIGTERM, commands.terminate)
    project, java = Project(), jdk.find_jdk()
    with lock.alone(project, StatusLine()):
        return build(project, java)


def build(project: Project, java: jdk.Java) -> int:
    stamp = prepare.library_stamp(project)
    stamp.remove()
    prepare.remove_jars(project)
    # What is published goes into target/repository, from where the example's test takes it. Lessons
    # run beside this, so the tests do with one process, and PyTorch with one thread: two that wait
    # for each other and for the lessons take more of the processor for the same numbers.
    # ONNX Runtime, for its test, is 137 MB that only this fetches.
    deploy = [*maven.command(project, java), "-Prelease,onnx", "-Dforks=1", "deploy"]
    environment = {"OMP_NUM_THREADS": "1", **prepare.maven_environment(project, java)}
    code = commands.call(deploy, environment, cwd=project.root)
    if code == 0 and prepare.library_exists(project, with_ijava=True):
        stamp.write()
        if not prepare.loads_what_is_built(project):
            print("This is not what the lessons run with: its sources, or the tools that build it,"
                  " have changed since. Run the test again.")
            return 1
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

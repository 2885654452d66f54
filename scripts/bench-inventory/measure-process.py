"""Runs a command with its output in a file: measure-process.py FILE COMMAND...

Prints as JSON: `seconds` and `cpu` (seconds), `memory` (the peak, in bytes), `status`.
"""
import json
import os
import subprocess
import sys
import time

with open(sys.argv[1], 'wb') as out:
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[2:], stdout=out)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
print(json.dumps({
    'seconds': seconds,
    'cpu': usage.ru_utime + usage.ru_stime,
    'memory': usage.ru_maxrss * 1024,
    'status': os.waitstatus_to_exitcode(status),
}))

"""What measure-engine.ts does, for CPython's Jinja2."""

import json
import sys
import time

import jinja2

WARM_UP = 1000


def compile_template(source):
    return jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, cache_size=0).from_string(source)


def main():
    job = json.load(sys.stdin)
    times = []
    for _ in range(job["compiles"]):
        start = time.perf_counter()
        compile_template(job["source"])
        times.append((time.perf_counter() - start) * 1000)
    template = compile_template(job["source"])
    variables = job["variables"]
    for _ in range(WARM_UP):
        template.render(variables)
    start = time.perf_counter()
    for _ in range(job["renders"]):
        output = template.render(variables)
    elapsed = (time.perf_counter() - start) * 1000
    json.dump({"output": output, "renderAll": elapsed, "compile": times}, sys.stdout)


main()

"""Renders cases with the real programs: `record.py jinja|ansible`.

Reads a case as JSON a line on stdin (case.ts describes it), writes its result as JSON a line on stdout. A case that
takes longer than LIMIT seconds or too much memory is answered with `skip`.
"""

import json
import os
import resource
import signal
import sys
import tempfile

import jinja2
import jinja2.nativetypes
import markupsafe

LIMIT = 3
UNDEFINED = {
    "default": jinja2.Undefined,
    "strict": jinja2.StrictUndefined,
    "chainable": jinja2.ChainableUndefined,
    "debug": jinja2.DebugUndefined,
}


class TooSlow(BaseException):
    """Raised by the alarm; not an Exception, so that no code under test catches it."""


def on_alarm(_signal, _frame):
    raise TooSlow()


def untag(value):
    """A value from its JSON, with what JSON lacks."""
    if isinstance(value, list):
        return [untag(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(tag, inner)] = value.items()
        if tag == "$int":
            return int(inner)
        if tag == "$float":
            return float(inner)
        if tag == "$tuple":
            return tuple(untag(item) for item in inner)
        if tag == "$dict":
            return {untag(key): untag(item) for key, item in inner}
        if tag == "$markup":
            return markupsafe.Markup(inner)
    return {key: untag(item) for key, item in value.items()}


def render_jinja(case):
    options = dict(case["env"])
    options["undefined"] = UNDEFINED[options.get("undefined", "default")]
    options["extensions"] = ["jinja2.ext." + name for name in options.get("extensions", [])]
    native = case["entry"] == "native"
    make = jinja2.nativetypes.NativeEnvironment if native else jinja2.Environment
    env = make(loader=jinja2.DictLoader(case["templates"]), cache_size=0, **options)
    context = {key: untag(value) for key, value in case["context"].items()}
    if case["entry"] == "expression":
        return repr(env.compile_expression(case["source"])(**context))
    result = env.from_string(case["source"]).render(context)
    return repr(result) if native else result


def ansible_renderer():
    """Loads Ansible only where it is asked for; it takes a second."""
    home = tempfile.mkdtemp(prefix="khp-conformance-")
    os.environ["ANSIBLE_HOME"] = home
    os.environ["ANSIBLE_LOCALHOST_WARNING"] = "False"
    # What a lookup or expandvars would see of this machine is no part of a comparison.
    os.environ.pop("HOME", None)
    os.chdir(home)
    from ansible.parsing.dataloader import DataLoader
    from ansible.plugins.loader import filter_loader, init_plugin_loader, test_loader
    from ansible.template import AnsibleEnvironment, Templar
    from ansible.utils.display import Display

    init_plugin_loader()
    Display.display = lambda *_args, **_kwargs: None
    # Loaded before the first alarm: a plugin whose loading is cut off would be missing from then on.
    for plugins in (filter_loader, test_loader):
        list(plugins.all())

    def render(case):
        with tempfile.TemporaryDirectory(dir=home) as folder:
            for name, source in case["templates"].items():
                with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
                    file.write(source)
            loader = DataLoader()
            loader.set_basedir(folder)
            variables = {key: untag(value) for key, value in case["context"].items()}
            if case["entry"] == "file":
                # As the template module's action plugin sets it.
                variables["ansible_managed"] = "Ansible managed"
            templar = Templar(loader=loader, variables=variables)
            if case["entry"] == "var":
                return repr(templar.template(untag(case["source"])))
            file_templar = templar.copy_with_new_env(
                environment_class=AnsibleEnvironment,
                searchpath=[folder],
                newline_sequence="\n",
                available_variables=variables,
            )
            result = file_templar.do_template(
                case["source"],
                preserve_trailing_newlines=True,
                escape_backslashes=False,
                overrides={"trim_blocks": True, "lstrip_blocks": False},
            )
            return "" if result is None else str(result)

    return render


def answer(render, line):
    case = json.loads(line)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        output = render(case)
        signal.setitimer(signal.ITIMER_REAL, 0)
        output.encode("utf-8")
        return {"id": case["id"], "output": output}
    except TooSlow:
        return {"id": case["id"], "skip": "slow"}
    except MemoryError:
        return {"id": case["id"], "skip": "memory"}
    except UnicodeEncodeError as error:
        return {"id": case["id"], "skip": "surrogates: %s" % error.reason}
    except Exception as error:
        return {"id": case["id"], "error": {"class": type(error).__name__, "message": message_of(error)}}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def message_of(error):
    text = str(error).encode("utf-8", "replace").decode("utf-8")
    return text[:500]


def main():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    signal.signal(signal.SIGALRM, on_alarm)
    render = render_jinja if sys.argv[1] == "jinja" else ansible_renderer()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a program under test prints must not stand among the answers.
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            result = answer(render, line)
        except TooSlow:
            result = {"id": json.loads(line)["id"], "skip": "slow"}
        out.write(json.dumps(result) + "\n")
        out.flush()


main()

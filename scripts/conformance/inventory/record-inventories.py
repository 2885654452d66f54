"""Prints inventories with ansible-core's own ansible-inventory, many in one process: record-inventories.py [cli].

Reads a case as JSON a line on stdin (inventory-case.ts describes it), writes its result as JSON a line on stdout. What
Ansible keeps from one inventory to the next is thrown away in between. With `cli`, each case has a process of its own.
"""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

# Seconds of the processor that a case may take: how busy the machine is must not count.
LIMIT = 10
# How warnings begin that tell what of an inventory is left out.
SKIPPED = ('Skipping', 'Found')
HOME = tempfile.mkdtemp(prefix='khp-inventories-')
os.environ.update(ANSIBLE_HOME=HOME, ANSIBLE_CONFIG='/nonexistent/ansible.cfg', ANSIBLE_LOCALHOST_WARNING='False')
os.environ.update(ANSIBLE_NOCOLOR='1', ANSIBLE_DEPRECATION_WARNINGS='False', COLUMNS='10000')

from ansible import constants as C
from ansible import context
from ansible.cli.inventory import InventoryCLI
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.vars import host_group_vars
from ansible.utils.context_objects import GlobalCLIArgs
from ansible.utils.display import Display

printed = []
unparsed = []
warnings = []
read = set()
plain_names = False
parse_source = InventoryManager.parse_source
dump = InventoryCLI.dump
load_from_file = DataLoader.load_from_file


def display(_self, message, *_args, stderr=False, **_kwargs):
    if not stderr:
        printed.append(message)


def parse_and_note(self, source, cache=False):
    parsed = parse_source(self, source, cache=cache)
    if not parsed:
        unparsed.append(source)
    return parsed


def load_and_note(self, file_name, *args, **kwargs):
    read.add(file_name)
    return load_from_file(self, file_name, *args, **kwargs)


def dump_plainly(stuff):
    if plain_names:
        for group, parts in stuff.items():
            if group != '_meta':
                stuff[group] = {part: [str.__str__(name) for name in names] for part, names in parts.items()}
    return dump(stuff)


InventoryCLI.dump = staticmethod(dump_plainly)
Display.display = display
Display.warning = lambda _self, message, *_args, **_kwargs: warnings.append(message)
Display.vvv = lambda _self, message, *_args, **_kwargs: warnings.append(message)
Display.error = lambda *_args, **_kwargs: None
InventoryManager.parse_source = parse_and_note
DataLoader.load_from_file = load_and_note


class TooSlow(BaseException):
    """Raised by the timer; not an Exception, so that no code under test catches it."""


def on_timer(_signal, _frame):
    raise TooSlow()


def arguments(case):
    sources = [argument for source in case['sources'] for argument in ('-i', source)]
    ask, *rest = case['ask']
    return ['ansible-inventory', *sources, *(['--host=' + rest[0]] if ask == 'host' else ['--' + ask, *rest])]


def reset(case):
    global plain_names
    for notes in (printed, unparsed, warnings, read):
        notes.clear()
    plain_names = case.get('plainNames', False)
    for cache in (host_group_vars.FOUND, host_group_vars.NAK, host_group_vars.CANONICAL_PATHS, host_group_vars.PATH_CACHE):
        cache.clear()
    C.DEFAULT_HASH_BEHAVIOUR = case['hashBehaviour']
    GlobalCLIArgs._Singleton__instance = None
    context.CLIARGS = None


def run_here(case, folder):
    reset(case)
    cli = InventoryCLI(arguments(case))
    cli.parse()
    try:
        cli.run()
    except SystemExit:
        pass
    return {'output': ''.join(text + '\n' for text in printed), **noted(folder)}


def noted(folder):
    return {
        'problems': [os.path.relpath(source, folder) for source in unparsed],
        'read': sorted(os.path.relpath(path, os.path.realpath(folder)) for path in read),
        'skipped': [text.replace(folder, '') for text in warnings if text.startswith(SKIPPED)],
    }


def run_program(case, _folder):
    program = os.path.join(os.path.dirname(sys.executable), 'ansible-inventory')
    env = {**os.environ, 'ANSIBLE_HASH_BEHAVIOUR': case['hashBehaviour']}
    done = subprocess.run([program, *arguments(case)[1:]], capture_output=True, env=env)
    if done.returncode:
        return {'error': {'class': 'exit', 'message': done.stderr.decode()[-400:]}}
    # Warnings are broken into lines.
    warned = ' '.join(done.stderr.decode().split()).count('as an inventory source')
    return {'output': done.stdout.decode(), 'problems': [''] * warned}


def answer(case, run):
    folder = tempfile.mkdtemp(dir=HOME)
    for path, text in case['files'].items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8', newline='') as handle:
            handle.write(text)
    os.chdir(folder)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        result = run(case, folder)
        signal.setitimer(signal.ITIMER_PROF, 0)
        result.get('output', '').encode('utf-8')
        return result
    except TooSlow:
        return {'skip': 'slow'}
    except UnicodeEncodeError:
        return {'skip': 'surrogates'}
    except MemoryError:
        return {'skip': 'memory'}
    except Exception as error:
        kind = 'AnsibleError' if isinstance(error, AnsibleError) else type(error).__name__
        text = str(error).replace(folder, '').encode('utf-8', 'replace').decode('utf-8')
        return {'error': {'class': kind, 'message': text[:500]}, **(noted(folder) if run is run_here else {})}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.chdir(HOME)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    signal.signal(signal.SIGPROF, on_timer)
    run = run_program if 'cli' in sys.argv else run_here
    out = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    # What a program under test prints must not stand among the answers.
    os.dup2(2, 1)
    for line in sys.stdin:
        case = json.loads(line)
        out.write(json.dumps({'id': case['id'], **answer(case, run)}) + '\n')
        out.flush()
    shutil.rmtree(HOME, ignore_errors=True)


main()

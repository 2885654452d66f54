"""
Renders every file of every host of a workspace with ansible-core itself: render-workspace.py WORKSPACE OUT. With
--cases, workspaces come as JSON lines on stdin, and what they render goes to stdout (workspace-case.ts).

The layers of the contract are laid out as an Ansible inventory (`_default.yml` and `<cluster>.yml` as group_vars/all,
`<group>.yml` as group_vars/<group>, `<host>.host.yml` as host_vars, `<host>.facts.yml` as facts), and templates go
through the Templar as the `template` module calls it. Writes OUT/<type>/<cluster>/<host>/files/<path>.
"""
import json
import os
import shutil
import signal
import sys
import tempfile

# No settings of the person or the machine: a file of that name must end so, and need not be there.
os.environ.update(ANSIBLE_CONFIG='/nonexistent/ansible.cfg', ANSIBLE_LOCALHOST_WARNING='False')

from ansible import constants as C
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import AnsibleEnvironment, Templar
from ansible.utils.unsafe_proxy import wrap_var
from ansible.utils.vars import combine_vars
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

init_plugin_loader()

# Seconds of the processor that a workspace may take: how busy the machine is must not count.
LIMIT = 30


class Workspace:
    """The files of a workspace that are read once."""

    def __init__(self, folder):
        self.folder = folder
        self.loader = DataLoader()
        self.settings = self.load('khp.yml')
        C.DEFAULT_HASH_BEHAVIOUR = self.settings.get('hash_behaviour', 'replace')
        self.components = {
            name: (self.load(f'templates/{name}/component.yml'), self.load(f'templates/{name}/defaults.yml'))
            for name in sorted(os.listdir(f'{folder}/templates'))
        }

    def load(self, path):
        full = f'{self.folder}/{path}'
        return (self.loader.load_from_file(full, cache='none') or {}) if os.path.exists(full) else {}


def with_requirements(components, name, order=None):
    """A component behind those that it requires, directly or not."""
    order = [] if order is None else order
    for required in components[name][0].get('requires', []):
        with_requirements(components, required, order)
    if name not in order:
        order.append(name)
    return order


class RoleOfDefaults:
    """A component for Ansible's VariableManager: a role that has defaults and nothing else."""

    name, public = 'component', True

    def __init__(self, workspace, component):
        self.defaults = {}
        for name in with_requirements(workspace.components, component):
            # As Role.get_default_vars has it for the roles that a role depends on.
            self.defaults = combine_vars(self.defaults, workspace.components[name][1])

    def get_default_vars(self):
        return self.defaults

    def get_vars(self, include_params, only_exports):
        return {}


class PlayOfRole:
    """A play of one role for VariableManager.get_vars."""

    def __init__(self, role):
        self.roles = [role]

    def get_vars(self):
        return {}

    def get_vars_files(self):
        return []


class PlainVariableManager(VariableManager):
    """Without what Ansible says of the play itself."""

    def _get_magic_variables(self, play, **others):
        return super()._get_magic_variables(play=None, **others)


def breadth_first(group):
    """The hosts of a group in order of declaration, breadth first."""
    seen, hosts, queue = set(), [], [group]
    while queue:
        group = queue.pop(0)
        if group.name in seen:
            continue
        seen.add(group.name)
        hosts += [host.name for host in group.hosts if host.name not in hosts]
        queue.extend(group.child_groups)
    return hosts


def lay_out(workspace, folder, cluster, tree):
    """An Ansible inventory of one cluster; returns its hosts file."""
    os.makedirs(f'{tree}/group_vars/all')
    os.makedirs(f'{tree}/host_vars')
    layers = [f'{workspace.folder}/inventories/_default.yml', f'{folder}/_default.yml', f'{folder}/{cluster}.yml']
    for index, source in enumerate(layers):
        if os.path.exists(source):
            shutil.copy(source, f'{tree}/group_vars/all/{index}.yml')
    hosts = 'hosts.ini' if os.path.exists(f'{folder}/{cluster}.ini') else 'hosts.yml'
    shutil.copy(f'{folder}/{cluster}.{"ini" if hosts.endswith("ini") else "hosts.yml"}', f'{tree}/{hosts}')
    names = list(InventoryManager(loader=workspace.loader, sources=[f'{tree}/{hosts}']).hosts)
    for name in sorted(os.listdir(f'{folder}/{cluster}')) if os.path.isdir(f'{folder}/{cluster}') else []:
        if name.endswith('.host.yml'):
            label = name[: -len('.host.yml')]
            (host,) = [one for one in names if label in (one, one.split('.')[0])]
            shutil.copy(f'{folder}/{cluster}/{name}', f'{tree}/host_vars/{host}.yml')
        elif not name.endswith('.facts.yml'):
            shutil.copy(f'{folder}/{cluster}/{name}', f'{tree}/group_vars/{name}')
    return f'{tree}/{hosts}'


def set_facts(workspace, folder, manager, names):
    """Recorded facts, as if the setup module had just found them."""
    full = f'{workspace.folder}/{folder}'
    for name in sorted(os.listdir(full)) if os.path.isdir(full) else []:
        if not name.endswith('.facts.yml'):
            continue
        label = name[: -len('.facts.yml')]
        (host,) = [one for one in names if label in (one, one.split('.')[0])]
        manager.set_host_facts(host, workspace.load(f'{folder}/{name}'))


def render_file(workspace, component_folder, template, variables):
    source = f'{component_folder}/{template}'
    templar = Templar(loader=workspace.loader, variables=variables).copy_with_new_env(
        environment_class=AnsibleEnvironment,
        searchpath=[os.path.dirname(source), component_folder],
        newline_sequence='\n',
        available_variables=variables,
    )
    with open(source, encoding='utf-8', newline='') as file:
        return templar.do_template(
            file.read(),
            preserve_trailing_newlines=True,
            escape_backslashes=False,
            overrides={'trim_blocks': True, 'lstrip_blocks': False},
        )


def render_cluster(workspace, kind, cluster):
    """Yields host, path and text of every file; an exception in place of the text where there is none."""
    folder = f'{workspace.folder}/inventories/{kind}'
    loader = workspace.loader
    with tempfile.TemporaryDirectory() as tree:
        inventory = InventoryManager(loader=loader, sources=[lay_out(workspace, folder, cluster, tree)])
        manager = PlainVariableManager(loader=loader, inventory=inventory)
        release = workspace.load(f'inventories/{kind}/{cluster}.yml')['release']
        content = workspace.load(f'releases/{release}.yml')
        ours = {'cluster': cluster, 'cluster_type': kind, 'release': release, 'khp_release': content}
        manager._extra_vars = dict(ours)
        set_facts(workspace, f'inventories/{kind}/{cluster}', manager, list(inventory.hosts))
        groups = {name: breadth_first(group) for name, group in inventory.groups.items()}
        hostvars = HostVars(inventory=inventory, variable_manager=manager, loader=loader)
        for host in list(inventory.hosts):
            one = inventory.get_host(host)
            group_names = manager.get_vars(host=one, include_hostvars=False)['group_names']
            for component, (content_of, _) in workspace.components.items():
                roles = {role for role in content_of['roles'] if role in group_names}
                if component not in content['components'] or not roles:
                    continue
                play = PlayOfRole(RoleOfDefaults(workspace, component))
                variables = manager.get_vars(play=play, host=one, include_hostvars=False)
                variables.update(ours, groups=groups, hostvars=hostvars)
                # As the template module has it: never a template itself.
                managed = wrap_var(workspace.settings.get('ansible_managed', 'Ansible managed'))
                variables.update(ansible_managed=managed)
                for file in content_of['files']:
                    if 'roles' in file and not roles.intersection(file['roles']):
                        continue
                    path = Templar(loader=loader, variables=variables).template(file['path'])
                    folder_of = f'{workspace.folder}/templates/{component}'
                    try:
                        yield host, path, render_file(workspace, folder_of, file['template'], variables)
                    except Exception as error:
                        yield host, path, error


def clusters_of(workspace):
    for kind in sorted(os.listdir(f'{workspace.folder}/inventories')):
        if not os.path.isdir(f'{workspace.folder}/inventories/{kind}'):
            continue
        for name in sorted(os.listdir(f'{workspace.folder}/inventories/{kind}')):
            if name.endswith('.yml') and not name.startswith('_') and not name.endswith('.hosts.yml'):
                yield kind, name[: -len('.yml')]


def render_to_folder(folder, out_folder):
    workspace = Workspace(folder)
    os.environ.update(workspace.settings.get('env', {}))
    for kind, cluster in clusters_of(workspace):
        for host, path, text in render_cluster(workspace, kind, cluster):
            if isinstance(text, Exception):
                raise text
            target = f'{out_folder}/{kind}/{cluster}/{host}/files{path}'
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, 'w', encoding='utf-8', newline='') as out:
                out.write(text)


class TooSlow(BaseException):
    """Raised by the timer; not an Exception, so that no code under test catches it."""


def on_timer(_signal, _frame):
    raise TooSlow()


def render_case(case):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in case['files'].items():
            os.makedirs(os.path.dirname(f'{folder}/{path}'), exist_ok=True)
            with open(f'{folder}/{path}', 'w', encoding='utf-8', newline='') as out:
                out.write(text)
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
        try:
            workspace = Workspace(folder)
            rendered = {}
            for kind, cluster in clusters_of(workspace):
                for host, path, text in render_cluster(workspace, kind, cluster):
                    rendered[f'{host}:{path}'] = None if isinstance(text, Exception) else str(text)
            return {'rendered': rendered}
        except TooSlow:
            return {'skip': 'slow'}
        except Exception as error:
            return {'error': {'class': type(error).__name__, 'message': str(error).replace(folder, '')[:500]}}
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def render_cases():
    signal.signal(signal.SIGPROF, on_timer)
    out = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    # What Ansible prints must not stand among the answers.
    os.dup2(2, 1)
    for line in sys.stdin:
        case = json.loads(line)
        out.write(json.dumps({'id': case['id'], **render_case(case)}) + '\n')
        out.flush()


if sys.argv[1] == '--cases':
    render_cases()
else:
    render_to_folder(*sys.argv[1:3])

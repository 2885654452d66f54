"""
Renders every file of every host of a workspace with ansible-core itself: render-workspace.py WORKSPACE OUT.

The layers of the contract are laid out as an Ansible inventory (`_default.yml` and `<cluster>.yml` as group_vars/all,
`<group>.yml` as group_vars/<group>, `<host>.host.yml` as host_vars, `<host>.facts.yml` as facts), and templates go
through the Templar as the `template` module calls it. Writes OUT/<type>/<cluster>/<host>/files/<path>.
"""
import os
import shutil
import sys
import tempfile

# No settings of the person or the machine: a file of that name must end so, and need not be there.
os.environ.update(ANSIBLE_CONFIG='/nonexistent/ansible.cfg', ANSIBLE_LOCALHOST_WARNING='False')

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import AnsibleEnvironment, Templar
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

WORKSPACE, OUT = sys.argv[1:3]
init_plugin_loader()
loader = DataLoader()


def load(path):
    return (loader.load_from_file(path, cache='none') or {}) if os.path.exists(path) else {}


settings = load(f'{WORKSPACE}/khp.yml')
os.environ.update(settings.get('env', {}))
components = {
    name: (load(f'{WORKSPACE}/templates/{name}/component.yml'), load(f'{WORKSPACE}/templates/{name}/defaults.yml'))
    for name in sorted(os.listdir(f'{WORKSPACE}/templates'))
}


def with_requirements(name, order=None):
    """A component behind those that it requires, directly or not."""
    order = [] if order is None else order
    for required in components[name][0].get('requires', []):
        with_requirements(required, order)
    if name not in order:
        order.append(name)
    return order


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


def lay_out(folder, cluster, tree):
    """An Ansible inventory of one cluster; returns its hosts file."""
    os.makedirs(f'{tree}/group_vars/all')
    os.makedirs(f'{tree}/host_vars')
    layers = [f'{WORKSPACE}/inventories/_default.yml', f'{folder}/_default.yml', f'{folder}/{cluster}.yml']
    for index, source in enumerate(layers):
        if os.path.exists(source):
            shutil.copy(source, f'{tree}/group_vars/all/{index}.yml')
    hosts = 'hosts.ini' if os.path.exists(f'{folder}/{cluster}.ini') else 'hosts.yml'
    shutil.copy(f'{folder}/{cluster}.{"ini" if hosts.endswith("ini") else "hosts.yml"}', f'{tree}/{hosts}')
    names = list(InventoryManager(loader=loader, sources=[f'{tree}/{hosts}']).hosts)
    for name in sorted(os.listdir(f'{folder}/{cluster}')) if os.path.isdir(f'{folder}/{cluster}') else []:
        if name.endswith('.host.yml'):
            label = name[: -len('.host.yml')]
            (host,) = [one for one in names if label in (one, one.split('.')[0])]
            shutil.copy(f'{folder}/{cluster}/{name}', f'{tree}/host_vars/{host}.yml')
        elif not name.endswith('.facts.yml'):
            shutil.copy(f'{folder}/{cluster}/{name}', f'{tree}/group_vars/{name}')
    return f'{tree}/{hosts}'


def set_facts(folder, manager, names):
    """Recorded facts, as if the setup module had just found them."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if not name.endswith('.facts.yml'):
            continue
        label = name[: -len('.facts.yml')]
        (host,) = [one for one in names if label in (one, one.split('.')[0])]
        manager.set_host_facts(host, load(f'{folder}/{name}'))


def render_file(file, component, variables):
    source = f'{WORKSPACE}/templates/{component}/{file["template"]}'
    templar = Templar(loader=loader, variables=variables).copy_with_new_env(
        environment_class=AnsibleEnvironment,
        searchpath=[os.path.dirname(source), f'{WORKSPACE}/templates/{component}'],
        newline_sequence='\n',
        available_variables=variables,
    )
    with open(source, encoding='utf-8', newline='') as template:
        return templar.do_template(
            template.read(),
            preserve_trailing_newlines=True,
            escape_backslashes=False,
            overrides={'trim_blocks': True, 'lstrip_blocks': False},
        )


def render_cluster(kind, cluster):
    folder = f'{WORKSPACE}/inventories/{kind}'
    with tempfile.TemporaryDirectory() as tree:
        inventory = InventoryManager(loader=loader, sources=[lay_out(folder, cluster, tree)])
        manager = VariableManager(loader=loader, inventory=inventory)
        release = load(f'{folder}/{cluster}.yml')['release']
        content = load(f'{WORKSPACE}/releases/{release}.yml')
        ours = {'cluster': cluster, 'cluster_type': kind, 'release': release, 'khp_release': content}
        manager._extra_vars = dict(ours)
        set_facts(f'{folder}/{cluster}', manager, list(inventory.hosts))
        groups = {name: breadth_first(group) for name, group in inventory.groups.items()}
        hostvars = HostVars(inventory=inventory, variable_manager=manager, loader=loader)
        for host in list(inventory.hosts):
            found = manager.get_vars(host=inventory.get_host(host), include_hostvars=False, include_delegate_to=False)
            found.update(ours, groups=groups, hostvars=hostvars)
            for component, (content_of, _) in components.items():
                roles = {role for role in content_of['roles'] if role in found['group_names']}
                if component not in content['components'] or not roles:
                    continue
                variables = {}
                for name in with_requirements(component):
                    variables.update(components[name][1])
                variables.update(found, ansible_managed=settings.get('ansible_managed', 'Ansible managed'))
                for file in content_of['files']:
                    if 'roles' in file and not roles.intersection(file['roles']):
                        continue
                    path = Templar(loader=loader, variables=variables).template(file['path'])
                    target = f'{OUT}/{kind}/{cluster}/{host}/files{path}'
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    with open(target, 'w', encoding='utf-8', newline='') as out:
                        out.write(render_file(file, component, variables))


for kind in sorted(os.listdir(f'{WORKSPACE}/inventories')):
    if not os.path.isdir(f'{WORKSPACE}/inventories/{kind}'):
        continue
    for name in sorted(os.listdir(f'{WORKSPACE}/inventories/{kind}')):
        if name.endswith('.yml') and not name.startswith('_') and not name.endswith('.hosts.yml'):
            render_cluster(kind, name[: -len('.yml')])

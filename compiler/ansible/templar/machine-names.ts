/** What Ansible tells a template of the machine and the moment of rendering; refused here. */
export const MACHINE_NAMES: ReadonlySet<string> = new Set([
  'template_host',
  'template_path',
  'template_mtime',
  'template_uid',
  'template_run_date',
  'template_destpath',
  'template_fullpath',
]);

/** Renders hostile cases as answerHostile says, each as a file of Ansible's `template` module. */
import { answerHostile } from '../../jinja/hostile/answer-hostile.ts';
import { Templar } from '../ansible.ts';

answerHostile(({ source, context, templates }) =>
  new Templar({ variables: context ?? {}, texts: new Map(Object.entries(templates ?? {})) }).renderFile(
    source,
    { name: 'a.j2' },
  ),
);

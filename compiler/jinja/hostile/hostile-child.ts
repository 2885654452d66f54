/** Renders hostile cases as answerHostile says, with Jinja alone. */
import { DictLoader, Environment } from '../jinja.ts';
import { answerHostile } from './answer-hostile.ts';

answerHostile(({ source, context, templates, options }) =>
  new Environment({ ...options, loader: new DictLoader(templates ?? {}) })
    .fromString(source)
    .render(context ?? {}),
);

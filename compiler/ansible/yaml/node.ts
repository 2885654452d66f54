import type { YamlPlace } from './problem.ts';

interface NodeBase {
  readonly place: YamlPlace;
  /** As written, its handle resolved; undefined where the text decides. */
  readonly tag: string | undefined;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly text: string;
  /** Whether it stands without quotes, so that its text may say its type. */
  readonly plain: boolean;
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly items: YamlNode[];
}

export interface MappingNode extends NodeBase {
  readonly kind: 'mapping';
  readonly entries: (readonly [YamlNode, YamlNode])[];
  /** Whether it is in braces. */
  readonly flow: boolean;
}

/** A part of a document. What an alias refers to is the very node of its anchor. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

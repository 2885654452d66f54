import { evaluated, giveUpHoles, type HoleValues, withHoles } from '../../ansible/ansible.ts';
import { isHole } from './cluster-answers.ts';
import { Holed, type HoleResult, REFUSED } from './holed.ts';
import { type HostMemo, readsAnswered, remembered } from './render-memo.ts';
import { UNKNOWN } from './value-numbers.ts';

/** Work in two steps, the first of which can be done once for many hosts. */
export interface WorkWithHoles<D extends object, R extends object> {
  /** What templates give; undefined where they fail. */
  readonly draft: (names: { readonly holes: boolean }) => D | undefined;
  /** What it is checked to be, without a template; undefined where it is not. */
  readonly finish: (draft: D) => R | undefined;
  /** Undefined for a draft without holes. */
  readonly fill: (draft: D) => ((values: HoleValues) => D) | undefined;
  /** All of a draft, for it to be compared. */
  readonly textOf: (draft: D) => string;
  /** Called with what the memo has of it: one object for all that read the same. Not where there is no result. */
  readonly foundAs?: (kept: object) => void;
}

/**
 * The result of some work for a host, as `remembered` gives it; done once for all hosts that read the same but for their
 * own names, which are put in afterwards. This is sound, for
 * - a name is a value that can be written, joined and escaped; whatever else is asked of it is either told as a read of
 *   its own, or has the work done for each host; so all else that is done is alike on hosts that read the same;
 * - names have a shape that is written and escaped as it is, and is shorter than what stands for it, so no limit is met
 *   with a name that was not met before;
 * - a draft is checked by whoever knows what is made of it once the names are in;
 * - what is found wrong has the work done for each host;
 * - of all that read the same variables, the results of the first few answers are made in the ordinary way as well, and
 *   must be the same.
 */
export function rememberedWithHoles<D extends object, R extends object>(
  host: HostMemo | undefined,
  name: string,
  work: WorkWithHoles<D, R>,
): R | undefined {
  const plain = () => {
    const draft = work.draft({ holes: false });
    return draft && work.finish(draft);
  };
  const inOrdinaryWay = () => {
    const result = remembered(host, name, plain);
    if (result) work.foundAs?.(result);
    return result;
  };
  const holes = host?.withHoles;
  if (!host || !holes) return inOrdinaryWay();
  const { memo } = host;
  const held = memo.heldName(name);
  if (memo.hopeless.has(held)) return inOrdinaryWay();
  const known = memo.find(held, holes.answers) as HoleResult | undefined;
  const result = known ?? drafted(host, held, work);
  if ('refused' in result) return inOrdinaryWay();
  if (known) memo.count.reused++;
  else memo.count.rendered++;
  const own = 'whole' in result ? (result.whole as R) : filled(result, host, work);
  if (!own) return inOrdinaryWay();
  work.foundAs?.('whole' in result ? result : (result.draft ?? result));
  return own;
}

/** How many results of some reads are compared with the ordinary ones. */
const COMPARED = 8;

/** Does work with holes, and keeps what came of it. */
function drafted<D extends object, R extends object>(
  host: HostMemo,
  held: string,
  work: WorkWithHoles<D, R>,
): HoleResult {
  const { memo, diagnostics } = host;
  const { values, answers } = host.withHoles!;
  const { value: draft, evaluation } = evaluated(() => draftOf(host, work));
  const answered = readsAnswered(evaluation, answers);
  if (answered.answers.includes(UNKNOWN)) {
    memo.hopeless.add(held);
    return REFUSED;
  }
  const keep = (result: HoleResult): HoleResult => {
    memo.keep(held, answered, result);
    return result;
  };
  if (!draft) return keep(REFUSED);
  const fill = work.fill(draft);
  const { log, values: numbers } = memo.numbers;
  const asksName = answered.reads.some(
    (read, index) => log.reads[read]!.kind === 'among' || isHole(answered.answers[index]!, numbers),
  );
  const path = `${held}\n${answered.reads.join()}`;
  const compared = memo.compared.get(path) ?? 0;
  if (asksName && compared < COMPARED) {
    const before = diagnostics.length;
    const own = work.draft({ holes: false });
    const isSame =
      own && diagnostics.length === before && work.textOf(own) === work.textOf(fill ? fill(values) : draft);
    if (!isSame) {
      // Told again by who does it in the ordinary way.
      diagnostics.length = before;
      return keep(REFUSED);
    }
    memo.compared.set(path, compared + 1);
  }
  if (fill) return keep(new Holed(draft));
  const before = diagnostics.length;
  const whole = work.finish(draft);
  if (whole && diagnostics.length === before) return keep({ whole });
  diagnostics.length = before;
  return keep(REFUSED);
}

function draftOf<D extends object, R extends object>(
  { memo, withHoles: holes }: HostMemo,
  work: WorkWithHoles<D, R>,
): D | undefined {
  const { values } = holes!;
  const tell = memo.numbers.log.read.bind(memo.numbers.log);
  return withHoles({ values, tell }, () => {
    const draft = work.draft({ holes: true });
    if (!draft) giveUpHoles();
    return draft;
  })?.value;
}

/** The result for a host; undefined, with nothing kept, where it is to be done in the ordinary way. */
function filled<D extends object, R extends object>(
  holed: Holed,
  host: HostMemo,
  work: WorkWithHoles<D, R>,
): R | undefined {
  const { diagnostics } = host;
  const { values } = host.withHoles!;
  const key = values.inventory_hostname;
  const known = holed.filled.get(key);
  if (known) {
    known.used = true;
    return known.result as R;
  }
  holed.draft ??= draftOf(host, work);
  holed.fill ??= holed.draft && work.fill(holed.draft as D);
  const { fill } = holed;
  if (!fill) return undefined;
  const before = diagnostics.length;
  host.memo.count.filled++;
  const result = work.finish(fill(values) as D);
  if (result && diagnostics.length === before) {
    holed.filled.set(key, { result, used: true });
    return result;
  }
  diagnostics.length = before;
  return undefined;
}

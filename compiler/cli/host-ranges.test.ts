import { expect, test } from 'vitest';
import { hostRanges } from './host-ranges.ts';

test.each([
  [[], []],
  [['a'], ['a']],
  [['dn-1'], ['dn-1']],
  [
    ['dn-10.x.test', 'dn-4.x.test', 'dn-5.x.test', 'dn-6.x.test', 'dn-7.x.test'],
    ['dn-[4:7].x.test', 'dn-10.x.test'],
  ],
  [['dn-9', 'dn-10', 'dn-11'], ['dn-[9:11]']],
  [['dn08', 'dn09', 'dn10'], ['dn[08:10]']],
  [
    ['dn08', 'dn9'],
    ['dn08', 'dn9'],
  ],
  [
    ['nn1.a', 'nn2.b', 'nn2.a', 'gateway'],
    ['nn[1:2].a', 'nn2.b', 'gateway'],
  ],
  [
    ['rack1-dn1', 'rack1-dn2', 'rack2-dn1'],
    ['rack1-dn[1:2]', 'rack2-dn1'],
  ],
])('%j reads as %j', (hosts, ranges) => {
  expect(hostRanges(hosts)).toEqual(ranges);
});

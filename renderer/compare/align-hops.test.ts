import { describe, expect, test } from 'vitest';
import { alignHops, type ComparedHop } from './align-hops.ts';
import { portThatDiffers } from './pair-question.ts';

const hop = (place: string, ...lines: readonly string[]): ComparedHop => ({ place, answer: false, lines: lines.map((text) => ({ text, rule: '', change: '' })) });
const shape = (before: readonly ComparedHop[], after: readonly ComparedHop[]) => alignHops(before, after).map(({ before: was, after: is, differs }) => [was?.place ?? null, is?.place ?? null, differs]);

describe('two traces side by side', () => {
  test('the same way is the same in every row', () => {
    expect(shape([hop('web', 'sent'), hop('node a', 'forward')], [hop('web', 'sent'), hop('node a', 'forward')])).toEqual([['web', 'web', -1], ['node a', 'node a', -1]]);
  });
  test('the first line that differs is named, also where one way ends there', () => {
    expect(shape([hop('web', 'sent'), hop('node b', 'forward', 'allowed'), hop('api', 'answered')], [hop('web', 'sent'), hop('node b', 'forward', 'dropped')])).toEqual([['web', 'web', -1], ['node b', 'node b', 1], ['api', null, 0]]);
  });
  test('a place that only one way came through stands alone, and what follows is beside its like', () => {
    expect(shape([hop('web'), hop('node a'), hop('node c'), hop('api')], [hop('web'), hop('node a'), hop('api')])).toEqual([['web', 'web', -1], ['node a', 'node a', -1], ['node c', null, 0], ['api', 'api', -1]]);
  });
  test('a side without an answer has no places', () => {
    expect(shape([], [hop('web')])).toEqual([[null, 'web', 0]]);
  });
});

describe('the port that shows a difference', () => {
  const all = ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ protocol, ports: 'all' }));
  const tcp = (ports: string) => [{ protocol: 'TCP', ports }];
  test('is one that the destination declares where that differs', () => {
    expect(portThatDiffers(all, [], [{ port: 8080, protocol: 'tcp' }])).toEqual({ protocol: 'tcp', port: 8080 });
  });
  test('is 80 where everything differs, else the first that does', () => {
    expect(portThatDiffers(all, [], [])).toEqual({ protocol: 'tcp', port: 80 });
    expect(portThatDiffers(tcp('80,443'), tcp('80'), [{ port: 80, protocol: 'tcp' }])).toEqual({ protocol: 'tcp', port: 443 });
    expect(portThatDiffers(all, [...tcp('1-8080'), ...all.slice(1)], [])).toEqual({ protocol: 'tcp', port: 8081 });
    expect(portThatDiffers(tcp('80'), [...tcp('80'), { protocol: 'UDP', ports: '53' }], [])).toEqual({ protocol: 'udp', port: 53 });
  });
  test('is none where nothing differs', () => {
    expect(portThatDiffers(tcp('80'), tcp('80'), [])).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import type { Netns } from '../dataplane/netns.ts';
import type { NamedSet } from '../dataplane/rules.ts';
import { parseIptablesSave } from '../dataplane/text/parse-iptables-save.ts';
import { neverMet } from './rule-coverage.ts';

/** A filter table of these rules, beside the base chains; what cannot be met, as `CHAIN/N state`. */
function never(rules: readonly string[], chains: readonly string[] = ['A'], ipsets: readonly NamedSet[] = []): readonly string[] {
  const text = ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...chains.map((name) => `:${name} - [0:0]`), ...rules, 'COMMIT', ''].join('\n');
  const tables = parseIptablesSave(text, 'ip');
  if (!tables.ok) throw new Error(JSON.stringify(tables.error));
  const netns = { tables: tables.value, ipsets } as unknown as Netns;
  return [...neverMet(netns)].map(([id, { state }]) => `${id.split('/').slice(2).join('/')} ${state}`);
}
const set = (name: string, ...ips: readonly string[]): NamedSet => ({ name, kind: 'ipset', type: 'hash:ip', elements: ips.map((ip) => ({ key: [ip] })), origin: { by: 'test', why: '' } });

describe('kernel rules that no packet can meet, as far as the text shows it', () => {
  const rows: readonly (readonly [what: string, rules: readonly string[], expected: readonly string[]])[] = [
    ['behind a rule without conditions that ends the packet', ['-A FORWARD -j DROP', '-A FORWARD -s 10.0.0.0/8 -j ACCEPT'], ['FORWARD/2 shadowed']],
    ['behind a rule whose conditions are all its own', ['-A FORWARD -s 10.0.0.0/8 -j ACCEPT', '-A FORWARD -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j DROP'], ['FORWARD/2 shadowed']],
    ['not behind one with another condition', ['-A FORWARD -s 10.0.0.0/8 -p udp -j ACCEPT', '-A FORWARD -s 10.0.0.0/8 -j DROP'], []],
    ['not behind one that goes on', ['-A FORWARD -j A', '-A FORWARD -j MARK --set-xmark 0x1/0x1', '-A FORWARD -s 10.0.0.0/8 -j ACCEPT', '-A A -j RETURN'], []],
    ['behind a return', ['-A FORWARD -j A', '-A A -j RETURN', '-A A -j DROP'], ['A/2 shadowed']],
    ['not behind one that is drawn', ['-A FORWARD -m statistic --mode random --probability 0.50000000000 -j DROP', '-A FORWARD -m statistic --mode random --probability 0.50000000000 -j DROP'], []],
    ['behind the same mark', ['-A FORWARD -m mark --mark 0x1/0x1 -j ACCEPT', '-A FORWARD -m mark --mark 0x1/0x1 -j DROP'], ['FORWARD/2 shadowed']],
    ['not where a rule in between could set it', ['-A FORWARD -m mark --mark 0x1/0x1 -j ACCEPT', '-A FORWARD -s 10.0.0.0/8 -j MARK --set-xmark 0x1/0x1', '-A FORWARD -m mark --mark 0x1/0x1 -j DROP'], []],
    ['nor where one could jump to a chain that does', ['-A FORWARD -m mark --mark 0x1/0x1 -j ACCEPT', '-A FORWARD -j A', '-A FORWARD -m mark --mark 0x1/0x1 -j DROP', '-A A -j MARK --set-xmark 0x1/0x1'], []],
    ['in a chain that nothing leads to', ['-A A -j DROP'], ['A/1 unreachable']],
    ['in a chain that only a shadowed rule leads to', ['-A FORWARD -j DROP', '-A FORWARD -j A', '-A A -s 10.0.0.0/8 -j DROP'], ['FORWARD/2 shadowed', 'A/1 unreachable']],
  ];
  test.each(rows)('%s', (_, rules, expected) => {
    expect(never(rules)).toEqual(expected);
  });
  test('a set that is empty matches nothing, one with elements or turned round may', () => {
    const rule = (name: string, not = ''): string => `-A FORWARD -m set ${not}--match-set ${name} src -j DROP`;
    expect(never([rule('none'), rule('some'), rule('none', '! ')], [], [set('none'), set('some', '10.0.0.1')])).toEqual(['FORWARD/1 matches-nothing']);
  });
});

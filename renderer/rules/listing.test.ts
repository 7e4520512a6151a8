import { describe, expect, test } from 'vitest';
import type { RuleLine } from '../../shared/api/shapes.ts';
import type { Hits } from './hits.ts';
import { listLines, shownLines } from './listing.ts';

const saved: readonly RuleLine[] = [
  { text: '*filter', rule: null }, { text: ':FORWARD DROP [0:0]', rule: null }, { text: ':KUBE-FORWARD - [0:0]', rule: null },
  { text: '-A FORWARD -j KUBE-FORWARD', rule: 'ip/filter/FORWARD/1' }, { text: '-A KUBE-FORWARD -m mark --mark 0x4000 -j ACCEPT', rule: 'ip/filter/KUBE-FORWARD/1' }, { text: 'COMMIT', rule: null },
];
const listing: readonly RuleLine[] = [
  { text: 'table ip kube-proxy {', rule: null }, { text: '\tchain services {', rule: null }, { text: '\t\tip daddr @x drop', rule: 'ip/kube-proxy/services/1' }, { text: '\t}', rule: null }, { text: '', rule: null },
  { text: '\tchain forward {', rule: null }, { text: '\t\ttype filter hook forward priority filter; policy accept;', rule: null }, { text: '\t\tjump services', rule: 'ip/kube-proxy/forward/1' }, { text: '\t}', rule: null }, { text: '}', rule: null },
];
const met = (...ids: readonly string[]): Hits => new Map(ids.map((id, i) => [id, { packets: 1, stops: [i + 1] }]));
const texts = (lines: readonly { readonly text: string }[]): readonly string[] => lines.map(({ text }) => text.trim());

describe('a listing knows what each line shows', () => {
  test('a built-in chain of iptables shows its policy, one of its own shows nothing', () => {
    expect(listLines(saved, 'iptables-save').map(({ id }) => id)).toEqual([null, 'ip/filter/FORWARD', null, 'ip/filter/FORWARD/1', 'ip/filter/KUBE-FORWARD/1', null]);
  });
  test('so does the heading line of a base chain of nft', () => {
    expect(listLines(listing, 'nft').map(({ id }) => id)).toEqual([null, null, 'ip/kube-proxy/services/1', null, null, null, 'ip/kube-proxy/forward', 'ip/kube-proxy/forward/1', null, null]);
  });
  test('IPv6 is told by its rules', () => {
    const six = saved.map(({ text, rule }) => ({ text, rule: rule?.replace('ip/', 'ip6/') ?? null }));
    expect(listLines(six, 'iptables-save')[1]?.id).toBe('ip6/filter/FORWARD');
  });
});

describe('what is shown', () => {
  test('everything, where nothing is asked for', () => expect(shownLines(listLines(saved, 'iptables-save'), '  ', null).lines.length).toBe(6));
  test('only what a packet met, under its headings', () => {
    const shown = shownLines(listLines(listing, 'nft'), '', met('ip/kube-proxy/forward/1'));
    expect([texts(shown.lines), shown.found]).toEqual([['table ip kube-proxy {', 'chain forward {', 'jump services'], 1]);
  });
  test('lines with every searched word', () => {
    const shown = shownLines(listLines(saved, 'iptables-save'), 'Mark accept', null);
    expect(texts(shown.lines)).toEqual(['*filter', '-A KUBE-FORWARD -m mark --mark 0x4000 -j ACCEPT']);
  });
  test('both together', () => expect(shownLines(listLines(saved, 'iptables-save'), 'mark', met('ip/filter/FORWARD/1')).found).toBe(0));
});

import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readProbes } from './read-probes.ts';

const read = (text: string) => {
  const result = readProbes(text, 'p.yaml');
  return result.ok ? result.value : result.error.map(formatProblem);
};

test.each<[string, string, readonly string[]]>([
  ['a map', '{from: pod/a}', ['p.yaml:1:1: error: expected a list of questions; found a map — write a list of {from, to, port?, protocol?}']],
  ['an empty file', '', ['p.yaml:1:1: error: expected a list of questions; found nothing — write a list of {from, to, port?, protocol?}']],
  ['a field that is missing', '- {from: pod/a, to: pod/b}\n- from: pod/a\n', ['p.yaml:2:3: error: question 2: to is missing — write a list of {from, to, port?, protocol?}']],
  ['a port in quotes, and one too large', '- from: pod/a\n  to: pod/b\n  port: "80"\n- {from: pod/a, to: pod/b, port: 70000}\n', [
    'p.yaml:3:9: error: question 1: port: expected number, received string; found "80" — remove the quotes',
    'p.yaml:4:34: error: question 2: port: at most 65535; found 70000 — write a list of {from, to, port?, protocol?}',
  ]],
  ['a field that there is not', '- {from: pod/a, to: pod/b, prot: tcp}\n', ['p.yaml:1:3: error: question 1 has no field prot — its fields are name, from, at, to, port, protocol and http']],
  ['a protocol that there is not', '- {from: pod/a, to: pod/b, protocol: quic}\n', ['p.yaml:1:38: error: question 1: protocol: expected one of "tcp"|"udp"|"sctp"|"icmp"; found "quic" — write a list of {from, to, port?, protocol?}']],
  ['text that does not parse', '- {from: pod/a\n- x\n', ['p.yaml:2:1: error: Flow map in block collection must be sufficiently indented and end with a } — write a list of {from, to, port?, protocol?}']],
])('What is wrong with a list of questions is said at its place: %s', (_what, text, said) => {
  const found = read(text);
  expect(found.slice(0, said.length)).toEqual(said);
});

test('A protocol may stand in capitals, as in manifests; an http question may leave its destination to the URL', () => {
  expect(read('- {from: pod/a, to: pod/b, protocol: UDP, port: 53}\n- {from: pod/a, http: {url: "http://b/"}}\n')).toEqual([
    { from: 'pod/a', to: 'pod/b', protocol: 'udp', port: 53 }, { from: 'pod/a', to: 'http://b/', http: { url: 'http://b/' } },
  ]);
});

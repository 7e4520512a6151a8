import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

test('DNS3 a dnsConfig that the API server refuses is told with its place (validation.go validatePodDNSConfig)', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  dnsPolicy: None
  dnsConfig:
    nameservers: []
    searches: [${'x'.repeat(2049)}]
    options: [{name: ndots, value: "2"}, {value: "3"}]
  containers: [{name: c, image: i}]
`;
  expect(readManifests([{ name: 'x.yaml', text }]).problems.map(formatProblem)).toEqual([
    'x.yaml:5:14: error: dnsPolicy None needs dnsConfig.nameservers — list at least one nameserver',
    'x.yaml:8:16: error: dnsConfig.searches holds at most 2048 characters — remove some',
    'x.yaml:9:42: error: spec.dnsConfig.options[1].name is missing — write an option such as ndots',
  ]);
});

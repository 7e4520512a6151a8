import { expect, test } from 'vitest';
import { buildDataplane } from '../../dataplane/build-dataplane.ts';
import { checkDataplane } from '../../dataplane/check-dataplane.ts';
import { hostsOf, netnsOf } from '../hosts.ts';
import { outside } from '../outside/index.ts';
import { labCluster, labNode } from '../testing/lab.ts';
import { netnsBy, routesOf } from '../testing/show.ts';
import { example } from './index.ts';

const cluster = labCluster({ nodes: [labNode(1)] });

test('The smallest datapath makes kernels that could exist', () => {
  const hosts = hostsOf(cluster);
  const dataplane = buildDataplane(hosts.map((host) => netnsOf(host, cluster)), (id) => [outside, example].flatMap((d) => d.compile(hosts.find((h) => h.id === id)!, cluster) ?? []));
  expect(checkDataplane(dataplane)).toEqual([]);
});

test('A pod sends everything to the node, and the node has a route to each pod', () => {
  expect(routesOf(netnsBy([outside, example], cluster, 'pod/default/a1'))).toEqual(['default via 169.254.1.1 dev eth0', '169.254.1.1 dev eth0 scope link']);
  expect(routesOf(netnsBy([outside, example], cluster, 'node/a')).filter((text) => text.includes('veth'))).toHaveLength(2);
});

test('It says up front what it cannot do', () => {
  expect(example.check(labCluster()).map((problem) => problem.code)).toEqual(['example-one-node']);
  expect(example.check(cluster)).toEqual([]);
});

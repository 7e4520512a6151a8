import { describe, expect } from 'vitest';
import { ip } from '../../shared/base/ip.ts';
import { printFraction, toNumber } from '../../shared/base/fraction.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import type { Dataplane } from '../../shared/dataplane/netns.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import { disagreements, tally, triesFor, type Fate } from './compare.ts';
import { denyA1, noBridgeNfRows, noHairpinRows, noMasqueradeRows, noRouteRows, policyRows, routedRows, rows, vxlanRows, type Row } from './fixed-rows.ts';
import type { Backend } from './generate-cluster.ts';
import { kernelTest, labPool, missingBackend } from './lab-pool.ts';
import type { KernelAnswer, Lab } from './lab-process.ts';
import type { Question } from './questions.ts';
import { withSetting, type Setting } from './reference-cluster.ts';
import { expectedFates, portsInUse } from './run-case.ts';
import { toLab } from './to-lab.ts';

const questionOf = ({ from, to, port = 80, proto = 'tcp' }: Row): Question => ({ from, dst: ip(to), port, proto });

/** `delivered|pod/default/a1|10.244.1.1|…` as the rows write it. */
function inWords(fate: Fate): string {
  const [kind, to = '', source] = fate.split('|');
  return kind === 'delivered' ? `${to.replace(/^(pod\/default|node)\//, '')} saw ${source}` : fate.replace('|', ' ');
}
const expectedWords = (dataplane: Dataplane, row: Row): readonly string[] => [...expectedFates(dataplane, questionOf(row))].map(([fate, odds]) => `${printFraction(odds)} ${inWords(fate)}`).toSorted();

const inLab = labPool(1);

/** One cluster, built once; all rows probed in one batch, so that the waits for what is lost overlap. */
function table(name: string, backend: Backend, setting: Setting, list: readonly Row[]): void {
  describe(name, () => {
    const { cluster } = buildCluster(readManifests([{ name: 'cluster.yaml', text: withSetting({ ...setting, mode: backend === 'nftables' ? 'nftables' : 'iptables' }) }]));
    const dataplane = compileDataplane(cluster);
    const fates = list.map((row) => expectedFates(dataplane, questionOf(row)));
    const probeAll = async (lab: Lab): Promise<readonly KernelAnswer[]> => {
      await lab.call({ op: 'build', spec: toLab(dataplane, backend, portsInUse(list.map(questionOf), cluster)) });
      const probes = list.map((row, i) => ({ ...questionOf(row), id: row.name, count: triesFor(Math.min(...[...fates[i]!.values()].map(toNumber))) }));
      return (await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes, timeout: 1, concurrency: 400 })).results;
    };
    let answers: Promise<readonly KernelAnswer[]> | undefined;
    for (const [i, row] of list.entries()) {
      kernelTest(missingBackend(backend), row.name, async () => {
        expect(expectedWords(dataplane, row)).toEqual((backend === 'nftables' && row.nft ? row.nft : row.expect).toSorted());
        const answer = (await (answers ??= inLab(probeAll)))[i]!;
        expect(disagreements(fates[i]!, answer, row.sticks !== true)).toEqual([]);
        if (row.sticks) expect(tally(answer).size).toBe(1);
      });
    }
  });
}

for (const backend of ['iptables-nft', 'iptables-legacy', 'nftables'] as const) {
  describe(`what the kernel did with the reference cluster: ${backend}`, () => {
    table('bridges and host routes', backend, {}, rows);
    table('vxlan', backend, { podNetwork: 'vxlan' }, vxlanRows);
    table('routed', backend, { podNetwork: 'routed' }, routedRows);
    table('a policy that lets nobody at a1', backend, { more: denyA1 }, policyRows);
    table('br_netfilter off on node1', backend, { sandbox: 'faults: [{ kind: br-netfilter-off, node: node1 }]' }, noBridgeNfRows);
    table('hairpin off on node1', backend, { sandbox: 'faults: [{ kind: hairpin-off, node: node1 }]' }, noHairpinRows);
    table('no default route on node1', backend, { sandbox: 'faults: [{ kind: route-cut, on: node/node1, dst: default }]' }, noRouteRows);
    table('no egress masquerade', backend, { sandbox: 'masquerade: false' }, noMasqueradeRows);
  });
}

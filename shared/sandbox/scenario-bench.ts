import { ApiFailure } from '../api/failure.ts';
import { formatProblem, type Problem } from '../base/problem.ts';
import type { TextDocument } from '../api/shapes.ts';
import { resolveFrom } from '../model/resolve-from.ts';
import type { Bench } from '../scenario/run-scenario.ts';
import type { Patch } from '../scenario/types.ts';
import { createSandbox } from './create-sandbox.ts';
import { withPatch, withProxyMode } from './edit-documents.ts';
import { nodeListings } from './node-listings.ts';

const modes: Readonly<Record<string, string>> = {
  'kube-proxy-iptables': 'iptables', 'kube-proxy-nftables': 'nftables', 'kube-proxy-ipvs': 'ipvs', 'kube-proxy-userspace': 'userspace', 'kube-proxy-winkernel': 'kernelspace', 'socket-lb': 'socket-lb',
};

function prepared(documents: readonly TextDocument[], datapath: string | null, patches: readonly Patch[]): readonly TextDocument[] | Problem {
  let current = documents;
  if (datapath !== null) {
    const mode = modes[datapath];
    if (mode === undefined) return { code: 'unknown-datapath', severity: 'error', at: null, what: `there is no datapath "${datapath}"`, fix: `datapaths are ${Object.keys(modes).join(', ')}` };
    current = withProxyMode(current, mode);
  }
  for (const patch of patches) {
    const next = withPatch(current, patch);
    if (!next.ok) return next.error;
    current = next.value;
  }
  return current;
}

/** A sandbox of its own for running one scenario after the other. */
export function createScenarioBench(): Bench {
  const sandbox = createSandbox();
  return {
    load: async (documents, datapath, patches) => {
      const ready = prepared(documents, datapath, patches);
      if (!Array.isArray(ready)) return [ready as Problem];
      const { problems } = await sandbox.open({ documents: ready as readonly TextDocument[], title: '' });
      return problems.filter((problem) => problem.severity === 'error');
    },
    nodes: async () => nodeListings(sandbox.world()!),
    ask: async (probe) => (await sandbox.ask({ probe })).journey,
    addressesOf: (thing) => {
      const world = sandbox.world();
      const party = world ? resolveFrom(world.cluster, thing) : null;
      if (!party?.ok) throw new ApiFailure('problem', party ? formatProblem(party.error) : 'nothing is open');
      // A node's masquerade takes the outgoing interface's address, so every address of the machine is it.
      const netns = party.value.node ? world!.dataplane.netns(`node/${party.value.node.name}`) : null;
      return [...party.value.ips, ...(netns?.links.flatMap((link) => link.addresses.map((address) => address.slice(0, address.indexOf('/')))) ?? [])];
    },
  };
}

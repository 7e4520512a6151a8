import type { ProxyMode, Settings } from '../../shared/model/types.ts';
import { command, type Command } from './command.ts';
import { editActions } from './edit-actions.ts';
import { useWorld } from './use-world.ts';

/** The modes that a person can switch to, as kube-proxy's configuration spells them, and in words. */
export const proxyModes: readonly (readonly [mode: ProxyMode, say: string])[] = [['iptables', 'iptables'], ['nftables', 'nftables'], ['ipvs', 'ipvs'], ['userspace', 'userspace (historic)'], ['kernelspace', 'kernelspace (Windows)'], ['socket-lb', 'socket-lb (no kube-proxy)']];

/** How pods of different nodes can reach each other, as the Sandbox document spells it, and in words. */
export const podNetworks: readonly (readonly [network: Settings['podNetwork'], say: string])[] = [['bridge', 'bridge (routes between nodes)'], ['vxlan', 'vxlan (an overlay)'], ['routed', 'routed (a route for each pod)']];

const settings = (): Settings | undefined => useWorld.getState().opened?.cluster.settings;
const isOther = <K extends 'proxyMode' | 'podNetwork'>(key: K, value: Settings[K]) => (): boolean => {
  const now = settings();
  return now !== undefined && now[key] !== value;
};

/** What is set for the whole cluster rather than for one thing of it. */
export const clusterCommands: readonly Command[] = [
  ...proxyModes.map(([mode, say]) => command(`proxy-mode-${mode}`, `Run kube-proxy in mode ${say}`, 'Edit', [], () => void editActions.edit({ kind: 'set-proxy-mode', mode }), isOther('proxyMode', mode))),
  ...podNetworks.map(([podNetwork, say]) => command(`pod-network-${podNetwork}`, `Use the pod network ${say}`, 'Edit', [], () => void editActions.edit({ kind: 'set-pod-network', podNetwork }), isOther('podNetwork', podNetwork))),
];

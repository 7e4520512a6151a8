// The gestures on nodes, cables and routes, what is set for the whole cluster, and what is added to it.
import { byLetter, byMenu, byPalette, carry, inMenu, inspector, thing, type Gesture, type Outcome } from './gestures-lab.ts';

const added = (kind: string, words: string, rest: Outcome): Gesture => ({
  name: `add ${words}`,
  mouse: async (page) => {
    await page.getByRole('button', { name: 'Add more' }).click();
    await page.getByRole('menuitem', { name: kind }).click();
  },
  keys: (page) => byPalette(page, `Add ${words}`),
  ...rest,
});
const dropped = (kind: string, on: RegExp, rest: Outcome): Gesture => ({
  name: `add ${kind}`,
  mouse: async (page) => {
    await carry(page, page.getByRole('button', { name: `Add: ${kind}` }), thing(page, on));
    await page.mouse.up();
  },
  keys: async (page) => {
    await page.getByRole('button', { name: `Add: ${kind}` }).press('Enter');
    await thing(page, on).focus();
    await page.keyboard.press('Enter');
  },
  ...rest,
});
const ofCluster = (name: string, label: string, value: string, words: string, rest: Outcome): Gesture => ({
  name,
  mouse: async (page) => {
    await page.getByRole('treeitem', { name: /^Node a/ }).first().click();
    await inspector(page).getByLabel(label, { exact: true }).selectOption(value);
  },
  keys: (page) => byPalette(page, words),
  ...rest,
});

export const clusterGestures: Readonly<Record<string, readonly Gesture[]>> = {
  'nodes, cables, routes, and what is set for all': [
    inMenu(/^Node b/, 'Cordon', { writes: /unschedulable: true/, shows: /^Node b, ready, cordoned,/, reads: 'Cordoned', lists: /^Node b, Cordoned/, undo: 'cordon node b' }),
    inMenu(/^Node b/, 'Drain', { writes: /unschedulable: true/, shows: { gone: /^Pod api-2,/ }, reads: 'Cordoned', lists: /^Node b, Cordoned/, undo: 'drain node b' }),
    inMenu(/^Node b/, 'Cut its cable', { writes: /link-cut/, shows: /^Node b, ready, cable cut,/, reads: 'Cable cut', lists: /^Node b, Cable cut/, undo: 'cut the cable of node b' }),
    inMenu(/^Pod web,/, 'Cut its cable', { writes: /link-cut/, shows: /^Pod web, node a, ready, cable cut,/, reads: 'Cable cut', lists: /^web, Cable cut/, undo: 'cut the cable of web' }, 'Cut a pod’s cable'),
    inMenu(/^Node b/, 'Stop the node', { writes: /node-stopped/, shows: /^Node b, stopped,/, reads: 'Stopped', lists: /^Node b, Stopped/, undo: 'stop node b' }),
    inMenu(/^Node b/, 'Stop kube-proxy', { writes: /stale-kube-proxy/, shows: /^Node b, ready, kube-proxy stopped,/, reads: 'kube-proxy stopped', lists: /^Node b, kube-proxy stopped/, undo: 'stop kube-proxy on node b' }),
    {
      name: 'cut a route', writes: /route-cut/, shows: /^Node a, ready, no route to node b’s pods,/, reads: 'No route to node b’s pods', lists: /^Node a, No route to node b’s pods/, undo: 'cut the route of node a to the pods of node b (10.244.2.0/24)',
      mouse: async (page) => { await byMenu(page, /^Node a/, 'Cut or mend a route…'); await thing(page, /^Node b/).click(); },
      keys: (page) => byLetter(page, /^Node a/, 'x', /^Node b/),
    },
    ofCluster('proxy mode', 'kube-proxy', 'nftables', 'Run kube-proxy in mode nftables', { writes: /mode: "?nftables/, shows: null, says: /rules on 3 nodes/, undo: 'run kube-proxy in mode nftables' }),
    ofCluster('pod network', 'Pod network', 'vxlan', 'Use the pod network vxlan', { writes: /podNetwork: "?vxlan/, shows: null, reads: 'flannel.1', undo: 'use the vxlan pod network' }),
  ],
  'what is added': [
    dropped('Pod', /^Node c/, { writes: /kind: Pod\nmetadata:\n {2}name: pod\n/, shows: /^Pod pod, node c, ready, 10\.244\.3\./, lists: /^pod, 10\.244\.3\./, selects: /^pod$/, undo: 'add Pod pod' }),
    dropped('Service', /^Pod web,/, { writes: /kind: Service\nmetadata:\n {2}name: service\n/, shows: /^Service service, ClusterIP,/, lists: /^service, 10\./, selects: /^service$/, undo: 'add Service service' }),
    dropped('Policy', /^Pod web,/, { writes: /name: deny-all/, shows: /^Pod web, .*under a policy$/, lists: /^deny-all/, selects: /^deny-all$/, undo: 'add NetworkPolicy deny-all' }),
    dropped('Ingress', /^Service cart,/, { writes: /kind: Ingress\nmetadata:\n {2}name: cart\n/, shows: /^Ingress cart, \/, to Service cart:80$/, selects: /^cart$/, lists: /^cart$/, undo: 'add Ingress cart' }),
    { name: 'add node', mouse: (page) => page.getByRole('button', { name: 'Add: Node' }).click(), keys: (page) => byPalette(page, 'Add a node'), writes: /kind: Node\n/, shows: /^Node d, ready,/, lists: /^Node d/, selects: /^Node d$/, undo: 'add node d' },
    added('Deployment', 'a Deployment', { writes: /kind: Deployment\nmetadata:\n {2}name: app\n/, shows: /^Pod app-/, lists: /^app-/, selects: /^app-/, undo: 'add Deployment app' }),
    added('Namespace', 'a namespace', { writes: /kind: Namespace/, shows: null, says: /Add Namespace namespace/, undo: 'add Namespace namespace' }),
    added('Client outside', 'a client outside', { writes: /office/, shows: /^Client office, outside,/, lists: /office/, selects: /office/, undo: 'add client office' }),
    added('Host outside', 'a host outside', { writes: /server/, shows: /^Host server, outside,/, lists: /server/, selects: /server/, undo: 'add host server' }),
  ],
};

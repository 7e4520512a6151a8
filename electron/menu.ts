import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  /** Tells the page to run a command of its table. */
  readonly command: (id: string) => void;
  readonly help: (page: 'manual' | 'issues') => void;
}

type Item = MenuItemConstructorOptions;

/** What can be added to the cluster: the page's `add-…` commands. */
const adding = [['pod', 'A &pod'], ['deployment', 'A &Deployment'], ['service', 'A &Service'], ['policy', 'A &NetworkPolicy'], ['ingress', 'An &Ingress'], ['node', 'A n&ode'], ['namespace', 'A na&mespace'], ['client', 'A &client outside'], ['host', 'A &host outside']] as const;
const separator: Item = { type: 'separator' };

/**
 * The native menu. Every item but the roles is a command of the page (`renderer/state/commands.ts`), with the same first key;
 * keys without a modifier stay with the page, where they depend on the focus.
 */
export function buildMenu(platform: NodeJS.Platform, isPackaged: boolean, { command, help }: MenuActions): readonly Item[] {
  const isMac = platform === 'darwin';
  const item = (id: string, label: string, accelerator?: string): Item => ({ id, label, click: () => command(id), ...(accelerator === undefined ? {} : { accelerator }) });
  const file: readonly Item[] = [
    item('open-files', '&Open files…', 'CmdOrCtrl+O'),
    item('open-folder', 'Open a &folder…', 'CmdOrCtrl+Shift+O'),
    item('paste-manifests', '&Paste manifests…', 'CmdOrCtrl+Shift+V'),
    separator,
    item('save-manifests', '&Save manifests…', 'CmdOrCtrl+S'),
    separator,
    item('stop-engine', 'Stop the &engine and start it again'),
    separator,
    { role: isMac ? 'close' : 'quit' },
  ];
  const edit: readonly Item[] = [
    // without keys of their own: the page takes Ctrl+Z where no text is being typed
    item('undo', '&Undo the last edit'),
    item('redo', '&Redo the edit'),
    separator,
    item('tidy-layout', '&Tidy up the map', 'CmdOrCtrl+Shift+L'),
    { label: '&kube-proxy', submenu: [item('proxy-mode-iptables', '&iptables'), item('proxy-mode-nftables', '&nftables'), item('proxy-mode-ipvs', 'ip&vs'), item('proxy-mode-userspace', '&userspace (historic)'), item('proxy-mode-kernelspace', '&kernelspace (Windows)'), item('proxy-mode-socket-lb', '&socket-lb (no kube-proxy)')] },
    { label: '&Pod network', submenu: [item('pod-network-bridge', '&bridge (routes between nodes)'), item('pod-network-vxlan', '&vxlan (an overlay)'), item('pod-network-routed', '&routed (a route for each pod)')] },
    { label: '&Add', submenu: adding.map(([kind, words]) => item(`add-${kind}`, words)) },
    separator,
    { role: 'undo', label: 'Undo typing' }, { role: 'redo', label: 'Redo typing' }, separator, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' },
  ];
  const packet: readonly Item[] = [
    item('send', '&Send the packet', 'CmdOrCtrl+Enter'),
    item('edit-request', 'Change &from and to', 'CmdOrCtrl+L'),
    item('choose-source', 'Choose the s&ource on the map'),
    item('choose-destination', 'Choose the &destination on the map'),
    separator,
    item('play', '&Play or pause'),
    item('next', '&Next step'),
    item('previous', 'Pre&vious step'),
    item('first', 'Firs&t step'),
    item('last', '&Last step'),
    separator,
    item('slower', 'Slo&wer'),
    item('faster', 'F&aster'),
    separator,
    item('traffic-flow', 'Start or pause traff&ic'),
    item('traffic-add', 'Let this &question flow as traffic too'),
    item('traffic-stop', 'Stop traffic and forget its cou&nts'),
    separator,
    item('copy-trace', '&Copy the trace as text', 'CmdOrCtrl+Shift+C'),
    item('clear', 'Cl&ear the stage'),
  ];
  const view: readonly Item[] = [
    item('palette', 'Find a &command or a thing', 'CmdOrCtrl+K'),
    item('manifests', 'Show or hide the &manifests', 'CmdOrCtrl+J'),
    item('rules', "Show or hide a host's r&ules", 'CmdOrCtrl+Shift+U'),
    item('reach', 'Show or hide who may &reach whom', 'CmdOrCtrl+Shift+E'),
    item('changes', 'Show or hide what &changed', 'CmdOrCtrl+Shift+X'),
    item('coverage', 'Show or hide which rules were me&t'),
    item('exposure', 'Show or hide who &could reach a pod'),
    item('traffic', 'Show or hide tra&ffic', 'CmdOrCtrl+Shift+F'),
    item('outline', 'Show or hide the &outline', 'CmdOrCtrl+B'),
    separator,
    item('filter', '&Filter the map and the outline', 'CmdOrCtrl+F'),
    item('clear-filter', 'Show everythin&g again'),
    item('focus-path', 'Focus on the re&quest, on or off'),
    { label: 'Group po&ds', submenu: [item('group-none', 'Show &each pod'), item('group-workload', 'By &workload'), item('group-namespace', 'By &namespace')] },
    separator,
    item('theme', 'Next &theme'),
    item('projector', '&Projector theme, on or off'),
    item('reduce-motion', '&Less motion, on or off'),
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    ...(isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies Item]),
  ];
  const helpItems: readonly Item[] = [
    item('help', '&Keyboard shortcuts', 'F1'),
    separator,
    { id: 'help-manual', label: '&Manual', click: () => help('manual') },
    { id: 'help-issues', label: '&Report a problem', click: () => help('issues') },
  ];
  const menu = (label: string, items: readonly Item[], more: Item = {}): Item => ({ label, submenu: [...items], ...more });
  return [
    ...(isMac ? [{ role: 'appMenu' } satisfies Item] : []),
    menu('&File', file),
    menu('&Edit', edit),
    menu('&Packet', packet),
    menu('&View', view),
    ...(isMac ? [{ role: 'windowMenu' } satisfies Item] : []),
    menu('&Help', helpItems, { role: 'help' }),
  ];
}

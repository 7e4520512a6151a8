import type { ProxiedPort } from '../../model/service-ports.ts';

export const by = 'kube-proxy-userspace';

/** A Service port with the port that its proxy listens on. The real one is any free port; ours are counted, so that every picture is the same. */
export interface Proxied { readonly port: ProxiedPort; readonly proxyPort: number }

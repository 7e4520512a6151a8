import type { Cluster, Ingress, IngressTarget } from '../../../shared/model/types.ts';

// Written from the reference (network-policy-ingress.md, "Ingress v1") and nginx's own semantics of `location`, not from shared/model/ingress-match.ts.

/** A certificate and its key: `DIR/NAME.pem`, `DIR/NAME.key`. */
export type CertificateFor = (name: string) => string;

const around = (dir: string, http: string): string => `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr warn;
events { worker_connections 512; }
http {
access_log off; default_type text/plain; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
${http}
}
`;
const tls = (certificate: string): string => `ssl_certificate ${certificate}.pem; ssl_certificate_key ${certificate}.key;`;

/** A server that says who it is, whom it sees, and for whom: `NAME|PEER|X-Forwarded-For`. */
export const echoing = (dir: string, name: string, ports: readonly number[]): string => around(dir, `server { ${ports.map((port) => `listen ${port};`).join(' ')} location / { return 200 "${name}|$remote_addr|$http_x_forwarded_for"; } }`);

/** A host outside that answers to its own names only: another Host is 404, another name in the TLS greeting gets its own certificate. TLS is spoken on 443. */
export function foreignHost(dir: string, name: string, names: readonly string[], ports: readonly number[], certificate: CertificateFor): string {
  const listen = (more: string): string => ports.map((port) => `listen ${port}${port === 443 ? ' ssl' : ''}${more};`).join(' ');
  return around(dir, `${tls(certificate(names[0]!))}
server { ${listen(' default_server')} return 404; }
server { ${listen('')} server_name ${names.join(' ')}; location / { return 200 "${name}|$remote_addr|$http_x_forwarded_for"; } }`);
}

/** Ready addresses behind a Service's port, as `ip:port`. */
function upstreamOf(cluster: Cluster, namespace: string, { service: name, port }: IngressTarget): readonly string[] {
  const service = cluster.services.find((one) => one.namespace === namespace && one.name === name);
  const own = service?.ports.find((one) => one.port === port || one.name === port);
  if (!own) return [];
  return cluster.endpointSlices.filter((slice) => slice.namespace === namespace && slice.service === name).flatMap((slice) => slice.ports.filter((one) => one.name === own.name && one.port !== null)
    .flatMap((one) => slice.endpoints.filter(({ ready }) => ready).map(({ addresses }) => `${addresses[0]}:${one.port}`)));
}

/** nginx as an Ingress controller writes it: a server for each host, a location for each path (two for Prefix, so that whole elements are compared), and pods dialled directly. */
export function controllerOf(dir: string, cluster: Cluster, certificate: CertificateFor): string {
  const ingresses = cluster.ingresses ?? [];
  const upstreams: string[] = [];
  const to = (ingress: Ingress, target: IngressTarget | null): string => {
    const ends = target ? upstreamOf(cluster, ingress.namespace, target) : [];
    if (ends.length === 0) return 'return 503;';
    upstreams.push(`upstream u${upstreams.length} { ${ends.map((end) => `server ${end} max_fails=0;`).join(' ')} }`);
    return `proxy_pass http://u${upstreams.length - 1};`;
  };
  const fallback = ingresses.find(({ defaultBackend }) => defaultBackend);
  const otherwise = fallback ? to(fallback, fallback.defaultBackend!) : 'return 404;';
  const locations = (ingress: Ingress, host: string): string => (ingress.rules ?? []).filter((rule) => rule.host === host).flatMap(({ path, pathType, target }) => {
    const does = to(ingress, target);
    if (pathType === 'Exact') return [`location = ${path} { ${does} }`];
    const bare = path.replace(/\/$/, '');
    return [...(bare === '' ? [] : [`location = ${bare} { ${does} }`]), `location ${bare}/ { ${does} }`];
  }).join('\n');
  const servers = ingresses.flatMap((ingress) => [...new Set((ingress.rules ?? []).map(({ host }) => host))].map((host) => {
    const secret = ingress.tls?.find(({ hosts }) => hosts.includes(host))?.secret;
    const known = secret !== undefined && (cluster.secrets ?? []).some((one) => one.namespace === ingress.namespace && one.name === secret);
    const paths = locations(ingress, host);
    return `server { listen 80; listen 443 ssl; server_name ${host}; ${tls(certificate(known ? host : 'default.invalid'))}\n${paths}\n${paths.includes('location / {') ? '' : `location / { ${otherwise} }`} }`;
  }));
  return around(dir, `proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_connect_timeout 1s; proxy_next_upstream off;
server { listen 80 default_server; listen 443 ssl default_server; ${tls(certificate('default.invalid'))} location / { ${otherwise} } }
${servers.join('\n')}
${upstreams.join('\n')}`);
}

import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromFractionJson, toNumber } from '../../../shared/base/fraction.ts';
import { resolveFrom } from '../../../shared/model/resolve-from.ts';
import { ask } from '../../../shared/sandbox/ask.ts';
import type { World } from '../../../shared/sandbox/world.ts';
import type { Branch, Journey, Probe } from '../../../shared/trace/types.ts';
import { triesFor } from '../compare.ts';
import type { Lab } from '../lab-process.ts';
import { readQueryLog, resolvConf } from './name-server.ts';

const script = fileURLToPath(new URL('../lab/fetch.py', import.meta.url));
interface Fetched { readonly name: 'ok' | 'nxdomain' | 'no-answer'; readonly connect?: 'ok' | 'refused' | 'lost'; readonly tls?: 'ok' | 'mismatch' | null; readonly status?: number; readonly body?: string }

/** What a client can tell of a request: `200 by default/api-1, which saw 10.244.1.251 for 203.0.113.10`, `404`, `refused`, `lost`, `nxdomain`, `no answer from DNS`, `foreign certificate`. */
export type Answer = string;

function answerOfKernel({ name, connect, tls, status, body }: Fetched): Answer {
  if (name !== 'ok') return name === 'nxdomain' ? 'nxdomain' : 'no answer from DNS';
  if (connect !== 'ok') return connect!;
  if (tls === 'mismatch') return 'foreign certificate';
  const [who, saw, client] = body!.split('|');
  return status === 200 ? `200 by ${who}, which saw ${saw}${client === '' ? '' : ` for ${client}`}` : String(status);
}

const spelled: Partial<Record<Branch['verdict'], Answer>> = { nxdomain: 'nxdomain', 'dns-timeout': 'no answer from DNS', 'tls-mismatch': 'foreign certificate', refused: 'refused', dropped: 'lost', timeout: 'lost' };

function answerOfEngine(branch: Branch): Answer {
  const { verdict, http, endpoint, sourceSeen } = branch;
  if (verdict !== 'delivered') return spelled[verdict] ?? String(http?.status);
  const client = http?.forwarded?.['X-Forwarded-For'];
  const who = endpoint?.pod ?? endpoint?.netns ?? endpoint?.ip;
  return `${http?.status} by ${who}, which saw ${sourceSeen?.ip}${client === undefined ? '' : ` for ${client}`}`;
}

/** Questions of one request, `A api.dev.svc.cluster.local from 10.244.3.2`, sorted; of all branches, each once. */
const questionsOfEngine = (journey: Journey): readonly string[] => [...new Set(journey.branches.flatMap(({ legs }) => legs).filter(({ kind }) => kind === 'lookup').flatMap(({ what, trace }) => {
  const [, name] = what.split(' ');
  const seen = trace.outcome.kind === 'delivered' ? trace.outcome.as.src : null;
  return seen === null ? [] : ['A', 'AAAA'].map((type) => `${type} ${name} from ${seen}`);
}))].toSorted();

export interface Compared { readonly answers: readonly Answer[]; readonly questions: readonly string[] }

/** What the engine says can become of this request. */
export function fromEngine(world: World, probe: Probe): Compared & { readonly tries: number; readonly dialled: string | null } {
  const { journey } = ask(world, probe);
  const smallest = Math.min(1, ...journey.branches.map(({ odds }) => toNumber(fromFractionJson(odds))));
  const looked = journey.branches.some(({ legs }) => legs.some(({ kind }) => kind === 'lookup'));
  const answers = [...new Set(journey.branches.map(answerOfEngine))].toSorted();
  return { answers, questions: questionsOfEngine(journey), tries: triesFor(smallest), dialled: looked ? null : journey.resolution?.ip ?? null };
}

/** What the kernel, glibc's resolver, OpenSSL, dnsmasq and nginx made of it. Who has no cluster DNS dials the address the engine dials. */
export async function fromKernel(lab: Lab, world: World, probe: Probe, { tries, dialled }: { readonly tries: number; readonly dialled: string | null }, { dir, authority, queryLogs }: { readonly dir: string; readonly authority: string; readonly queryLogs: readonly string[] }): Promise<Compared> {
  const resolver = path.join(dir, 'resolv.conf');
  const from = resolveFrom(world.cluster, probe.from);
  if (!from.ok) throw new Error(from.error.what);
  writeFileSync(resolver, resolvConf(from.value.pod?.namespace ?? 'default', '10.96.0.10'));
  for (const log of queryLogs) truncateSync(log);
  const url = probe.http?.url ?? probe.to;
  const argv = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec python3 "$@"', resolver, script, url, String(tries), '1.5', authority, ...(dialled === null ? [] : [dialled])];
  const { rc, stdout, stderr } = await lab.call<{ rc: number; stdout: string; stderr: string }>({ op: 'exec', netns: from.value.netns, argv });
  if (rc !== 0) throw new Error(`fetch.py: ${stderr}`);
  const answers = [...new Set((JSON.parse(stdout) as Fetched[]).map(answerOfKernel))].toSorted();
  const asked = queryLogs.flatMap((log) => readQueryLog(readFileSync(log, 'utf8')));
  return { answers, questions: [...new Set(asked.map(({ type, name: asks, from: who }) => `${type} ${asks} from ${who}`))].toSorted() };
}

import type { RulesFormat } from '../../shared/api/shapes.ts';
import { withCounters } from '../../shared/sandbox/counters.ts';
import { oneOf, UsageError, type Args } from '../args.ts';
import { load } from '../load.ts';
import { complain, print } from '../output.ts';
import { probesFrom } from '../read-probes-file.ts';

const formats = ['iptables-save', 'ipset', 'nft', 'ipvsadm', 'ip-route', 'ip-addr'] as const satisfies readonly RulesFormat[];

/** `podhop rules`: the text that a host's kernel would hold, restorable as it is; with probes, what each rule saw of them. */
export async function rules({ values }: Args): Promise<number> {
  const format = values.format === undefined ? null : oneOf(values.format, formats, 'format');
  const family = values.family === undefined ? undefined : (Number(oneOf(values.family, ['4', '6'], 'family')) as 4 | 6);
  if (values.node === undefined && !values.all) throw new UsageError('rules needs --node NODE, or --all');
  const { sandbox } = await load(values.file);
  const counted = values.probes === undefined ? null : await sandbox.counters({ probes: probesFrom(values.probes) });
  for (const sentence of counted?.notSent ?? []) complain(sentence);
  const hosts = sandbox.hosts();
  const wanted = values.all ? hosts : hosts.filter((host) => host === `node/${values.node}` || host === values.node);
  if (wanted.length === 0) throw new UsageError(`there is no host "${values.node}"; hosts are ${hosts.join(', ')}`);
  const shown: string[] = [];
  for (const netns of wanted) {
    const listing = await sandbox.rules({ netns, format, ...(family === undefined ? {} : { family }) });
    const lines = counted ? withCounters(listing.lines, counted.counters[netns] ?? {}) : listing.lines;
    const text = lines.map((line) => line.text).join('\n');
    shown.push(values.all ? `# ${netns}\n${text}` : text);
  }
  if (values.json) print(JSON.stringify(Object.fromEntries(wanted.map((host, i) => [host, shown[i]])), null, 2));
  else print(shown.join('\n\n'));
  return 0;
}

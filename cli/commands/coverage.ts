import type { Coverage, HostCoverage, KernelRuleState, PolicyRuleCoverage } from '../../shared/api/analysis-contract.ts';
import type { Probe } from '../../shared/trace/types.ts';
import { UsageError, type Args } from '../args.ts';
import { load } from '../load.ts';
import { complain, print, printJson } from '../output.ts';
import { probesFrom } from '../read-probes-file.ts';
import { traceCall } from '../trace-call.ts';

const words: Readonly<Record<KernelRuleState | PolicyRuleCoverage['state'], string>> = {
  met: 'met', unmet: 'not met', shadowed: 'shadowed', 'selects-nothing': 'selects nothing', 'matches-nothing': 'matches nothing', unreachable: 'unreachable',
};
type Call = (probe: Probe | null) => readonly string[];
const line = (state: keyof typeof words, hits: number, what: string, why: string): string => `  ${words[state].padEnd(15)} ${String(hits).padStart(4)}  ${what}${why === '' ? '' : `: ${why}`}`;

function policyLines({ policyRules }: Coverage, call: Call): readonly string[] {
  if (policyRules.length === 0) return ['there is no NetworkPolicy rule'];
  const met = policyRules.filter(({ hits }) => hits > 0).length;
  return [
    `policy rules: ${met} of ${policyRules.length} met`,
    ...policyRules.flatMap(({ policy, field, hits, state, why, probe, at }) => [line(state, hits, `${policy.namespace ?? ''}/${policy.name} ${field}${at ? ` (${at.file}:${at.line})` : ''}`, why), ...call(probe)]),
  ];
}

function hostLines({ netns, total, counts, rules, omitted }: HostCoverage, call: Call): readonly string[] {
  const parts = (Object.keys(counts) as KernelRuleState[]).filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${words[state]}`);
  return [
    `${netns}: ${total} rules, ${parts.join(', ')}`,
    ...rules.flatMap(({ text, hits, state, why, probe }) => [line(state, hits, text, why), ...call(probe)]),
    ...(rules.length > 0 && omitted > 0 ? [`  … and ${omitted} more rules`] : []),
  ];
}

/** `podhop coverage`: which rules of the policies and of the kernels a file's questions met, and how the others could be. Always 0. */
export async function coverage({ values }: Args): Promise<number> {
  if (values.probes === undefined) throw new UsageError('coverage needs --probes FILE');
  const probes = probesFrom(values.probes);
  const { sandbox } = await load(values.file);
  const hosts = sandbox.hosts();
  const node = values.node === undefined ? undefined : hosts.find((host) => host === `node/${values.node}` || host === values.node);
  if (values.node !== undefined && node === undefined) throw new UsageError(`there is no host "${values.node}"; hosts are ${hosts.join(', ')}`);
  const netns = values.all ? 'all' : node;
  const found = await sandbox.coverage({ probes, ...(netns === undefined ? {} : { netns }) });
  const call: Call = (probe) => (probe === null ? [] : [`                        ${traceCall(values.file ?? [], probe)}`]);
  for (const sentence of found.notSent) complain(sentence);
  const { revision: _, ...told } = found;
  if (values.json) printJson(told);
  else print([`${found.sent} questions sent`, ...(found.note === null ? [] : [found.note]), ...policyLines(found, call), ...found.hosts.filter(({ netns: host }) => netns === undefined || netns === 'all' || host === netns).flatMap((host) => hostLines(host, call))].join('\n'));
  return 0;
}

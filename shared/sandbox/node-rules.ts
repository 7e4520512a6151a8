import type { Problem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Dataplane, Netns } from '../dataplane/netns.ts';
import type { NamedSet, Rule, Table } from '../dataplane/rules.ts';
import { readIpset } from '../dataplane/text/parse-ipset.ts';
import { readIptablesSave } from '../dataplane/text/parse-iptables-save.ts';
import { readNft } from '../dataplane/text/parse-nft.ts';
import type { SourceDocument } from '../kube/types.ts';
import type { Cluster } from '../model/types.ts';
import { isRuleText, ruleSections, type RuleSection } from './node-rules-sections.ts';

/** What a machine's own text says it holds; `ipsets` null where no `ipset save` was given. */
export interface GivenRules { readonly tables: readonly Table[]; readonly ipsets: readonly NamedSet[] | null; readonly files: readonly string[] }
export interface NodeRules { readonly given: ReadonlyMap<NetnsId, GivenRules>; readonly problems: readonly Problem[] }

/** How many places of one kind are named in one file. */
const placesNamed = 20;

/** Rules of real nodes apart from manifests, so that the YAML reader never sees them. */
export function splitDocuments(documents: readonly SourceDocument[]): { readonly manifests: readonly SourceDocument[]; readonly ruleTexts: readonly SourceDocument[] } {
  const ruleTexts = documents.filter(({ text }) => isRuleText(text));
  return ruleTexts.length === 0 ? { manifests: documents, ruleTexts } : { manifests: documents.filter((one) => !ruleTexts.includes(one)), ruleTexts };
}

/** The node that a file is named after: `a.rules`, `node-a.iptables`, `dumps/worker-1/nat.txt`; the longest name wins, the file before its folders. */
function nodeOfFile(file: string, cluster: Cluster): string | null {
  const [base = '', ...folders] = file.split('/').toReversed();
  const names = cluster.nodes.map(({ name }) => name).toSorted((a, b) => b.length - a.length);
  for (const part of [base, ...folders]) {
    const found = names.find((name) => `.${part}.`.replaceAll(/[-_ ]/g, '.').includes(`.${name.replaceAll(/[-_ ]/g, '.')}.`));
    if (found !== undefined) return found;
  }
  return null;
}

interface Target { readonly netns: NetnsId | null; readonly problem: Problem | null }

/** Whose rules a section is: as a comment says, as the file is called, else the first node's. */
function targetOf({ netns, line }: RuleSection, file: string, cluster: Cluster, ids: readonly NetnsId[]): Target {
  const problem = (severity: Problem['severity'], at: number, what: string): Problem => ({ code: 'node-rules-owner', severity, what, fix: 'name the file after its node, or write `# node: NAME` above the rules', at: { file, line: at, col: 1 } });
  if (netns !== null) return ids.includes(netns) ? { netns, problem: null } : { netns: null, problem: problem('error', line, `there is no ${netns} to give these rules to`) };
  const named = nodeOfFile(file, cluster);
  const first = cluster.nodes[0]?.name;
  if (named !== null) return { netns: `node/${named}`, problem: null };
  if (first === undefined) return { netns: null, problem: problem('error', line, 'there is no node to give these rules to') };
  return { netns: `node/${first}`, problem: cluster.nodes.length === 1 ? null : problem('info', line, `nothing says whose rules these are: they are taken for node ${first}'s`) };
}

interface SectionRead { readonly tables: readonly Table[]; readonly sets: readonly NamedSet[] | null; readonly problems: readonly Problem[] }

function readSection({ tool, family, text }: RuleSection, file: string): SectionRead {
  switch (tool) {
    case 'iptables': return { ...readIptablesSave(text, family, file), sets: null };
    case 'nft': return { ...readNft(text, file), sets: null };
    case 'ipset': return { tables: [], ...readIpset(text, file) };
  }
}

const rulesOf = (tables: readonly Table[]): readonly Rule[] => tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules));
const textOf = (rule: Rule): string | null => rule.match.find((match) => match.kind === 'unmodelled-match')?.text ?? rule.do.find((action) => action.kind === 'unmodelled')?.text ?? null;

/** The rules that say what nobody here can judge, told before a packet meets them. */
function unknownParts(tables: readonly Table[], reported: readonly Problem[]): readonly Problem[] {
  const told = new Set(reported.map(({ at }) => at?.line));
  return rulesOf(tables).flatMap((rule): Problem[] => {
    const text = textOf(rule);
    if (text === null || told.has(rule.origin.at?.line)) return [];
    return [{ code: 'rule-not-modelled', severity: 'warning', what: `Podhop does not know \`${text}\`: a packet that meets this rule ends here as unmodelled`, fix: '', at: rule.origin.at ?? null }];
  });
}

/** The first rule for each set that is named and not there. */
function missingSets({ tables, ipsets }: GivenRules): readonly Problem[] {
  const known = new Set((ipsets ?? []).map(({ name }) => name));
  return rulesOf(tables.filter(({ tool }) => tool === 'iptables')).flatMap((rule) => rule.match.flatMap((match): Problem[] => {
    if (match.kind !== 'set' || known.has(match.set)) return [];
    known.add(match.set);
    return [{ code: 'no-such-ipset', severity: 'warning', what: `the set ${match.set} is not here, so nobody knows what this rule matches`, fix: "open the node's `ipset save` too", at: rule.origin.at ?? null }];
  }));
}

function atMost(problems: readonly Problem[]): readonly Problem[] {
  const last = problems[placesNamed];
  return last === undefined ? problems : [...problems.slice(0, placesNamed), { ...last, what: `${problems.length - placesNamed} more of this kind follow`, fix: '' }];
}

/** Puts one more text to what a machine has; a table that is there already stays as it is. */
function withSection(before: GivenRules | undefined, read: SectionRead, section: RuleSection, file: string): { readonly given: GivenRules; readonly problems: readonly Problem[] } {
  const have = before ?? { tables: [], ipsets: null, files: [] };
  const twice = read.tables.filter((table) => have.tables.some((one) => one.family === table.family && one.name === table.name));
  const sets = [...(have.ipsets ?? []), ...(read.sets ?? []).filter((set) => !have.ipsets?.some(({ name }) => name === set.name))];
  return {
    given: { tables: [...have.tables, ...read.tables.filter((table) => !twice.includes(table))], ipsets: have.ipsets === null && read.sets === null ? null : sets, files: have.files.includes(file) ? have.files : [...have.files, file] },
    problems: twice.map(({ family, name }) => ({ code: 'node-rules-twice', severity: 'error' as const, what: `table ${family} ${name} of this machine is given twice; the first one counts`, fix: 'open the output of one tool only', at: { file, line: section.line, col: 1 } })),
  };
}

/** Reads the rules of real nodes and says whose they are. `ids` are the machines there are. Problems name file and line; whatever can be read is used. */
export function readNodeRules(texts: readonly SourceDocument[], cluster: Cluster, ids: readonly NetnsId[]): NodeRules {
  const given = new Map<NetnsId, GivenRules>();
  const problems: Problem[] = [];
  for (const document of texts) {
    const { sections, problems: strays } = ruleSections(document);
    problems.push(...atMost(strays));
    const said = new Set<string>();
    for (const section of sections) {
      const { netns, problem } = targetOf(section, document.name, cluster, ids);
      if (problem && !said.has(problem.what)) problems.push(problem);
      if (problem) said.add(problem.what);
      if (netns === null) continue;
      const read = readSection(section, document.name);
      const next = withSection(given.get(netns), read, section, document.name);
      given.set(netns, next.given);
      problems.push(...atMost(read.problems), ...next.problems, ...atMost(unknownParts(read.tables, read.problems)));
    }
  }
  for (const rules of given.values()) problems.push(...atMost(missingSets(rules)));
  return { given, problems };
}

/** A machine with exactly these rules in place of those that were made up for it: all of them for an nft listing, else those of the families that are given. */
function replaceRules(netns: Netns, { tables, ipsets }: GivenRules): Netns {
  const whole = tables.some(({ tool }) => tool === 'nft');
  const families = new Set<string>(tables.length === 0 ? [] : [...tables.map(({ family }) => family), 'inet']);
  return { ...netns, tables: [...(whole ? [] : netns.tables.filter(({ family }) => !families.has(family))), ...tables], ipsets: ipsets ?? netns.ipsets };
}

/** The dataplane with the rules of real nodes where they were given. */
export function withNodeRules(dataplane: Dataplane, given: ReadonlyMap<NetnsId, GivenRules>): Dataplane {
  if (given.size === 0) return dataplane;
  const replaced = new Map<NetnsId, Netns>();
  return {
    ...dataplane,
    netns(id) {
      const rules = given.get(id);
      const netns = dataplane.netns(id);
      if (!rules || !netns) return netns;
      const done = replaced.get(id) ?? replaceRules(netns, rules);
      replaced.set(id, done);
      return done;
    },
  };
}

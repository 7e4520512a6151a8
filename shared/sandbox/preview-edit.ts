import { diffReach } from '../analysis/diff-reach.ts';
import type { RulesFormat } from '../api/shapes.ts';
import type { EditPreview, PairChange } from '../api/edit-contract.ts';
import type { Allowed, ConnectionChange } from '../api/reach-contract.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Change } from './edit-layout.ts';
import { effectOf } from './edit-effect.ts';
import { defaultFormat, rulesText } from './rules-text.ts';
import type { World } from './world.ts';

type Effect = Extract<EditPreview, { kind: 'effect' }>;
const MOST_HOSTS = 8;
const MOST_LINES = 400;
const MOST_PAIRS = 200;
/** Policies beyond this many pairs of ends are not compared while somebody drags. */
const MOST_PODS = 400;

const isMachine = (id: NetnsId): boolean => id.startsWith('node/');
const counts = (lines: readonly string[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const line of lines) found.set(line, (found.get(line) ?? 0) + 1);
  return found;
};

/** The rules a host holds, line by line, without headings and the names of chains. */
function linesOf(world: World, id: NetnsId, format: RulesFormat): readonly string[] {
  if (!world.dataplane.netns(id)) return [];
  const only6 = world.cluster.settings.podSubnets.every((subnet) => subnet.includes(':'));
  return [...rulesText(world, id, format).lines, ...rulesText(world, id, 'ip-route', only6 ? 6 : 4).lines].map(({ text }) => text.trim()).filter((text) => text !== '' && text !== 'COMMIT' && text !== '}' && !/^[#:*]/.test(text));
}

/** Lines of one text that the other has fewer times. */
function missingFrom(lines: readonly string[], other: readonly string[]): readonly string[] {
  const left = counts(other);
  return lines.filter((line) => {
    const n = left.get(line) ?? 0;
    if (n > 0) left.set(line, n - 1);
    return n === 0;
  });
}

function ruleChanges(before: World, after: World, wanted: NetnsId | undefined): Pick<Effect, 'rules' | 'hostsOmitted' | 'text'> {
  const hosts = [...new Set([...before.dataplane.ids, ...after.dataplane.ids])].filter(isMachine);
  const compared = wanted === undefined ? hosts.slice(0, MOST_HOSTS) : [wanted, ...hosts.filter((id) => id !== wanted).slice(0, MOST_HOSTS - 1)];
  const format = defaultFormat(after);
  const changes = compared.map((netns) => {
    const [was, is] = [linesOf(before, netns, format), linesOf(after, netns, format)];
    return { netns, added: missingFrom(is, was), removed: missingFrom(was, is) };
  });
  const changed = changes.filter(({ added, removed }) => added.length + removed.length > 0);
  const shown = changes.find(({ netns }) => netns === wanted) ?? changed[0];
  return {
    rules: changed.map(({ netns, added, removed }) => ({ netns, added: added.length, removed: removed.length })),
    hostsOmitted: hosts.filter((id) => !compared.includes(id)).length,
    text: shown ? { netns: shown.netns, format, added: shown.added.slice(0, MOST_LINES), removed: shown.removed.slice(0, MOST_LINES) } : null,
  };
}

function textChanges(before: World, after: World): Effect['documents'] {
  const old = new Map(before.documents.map((document) => [document.name, document]));
  const changed = after.documents.filter((document) => old.get(document.name)?.text !== document.text).map(({ name, text }) => ({ name, text }));
  const names = new Set(after.documents.map((document) => document.name));
  return [...changed, ...before.documents.filter((document) => !names.has(document.name)).map(({ name }) => ({ name, text: null }))];
}

const everything = (allowed: readonly Allowed[]): boolean => allowed.length === 3 && allowed.every(({ ports }) => ports === 'all');
const printAllowed = (allowed: readonly Allowed[]): string => (everything(allowed) ? 'all' : allowed.map(({ protocol, ports }) => `${protocol} ${ports}`).join(', '));

function pairChanges(before: World, after: World): Pick<Effect, 'opens' | 'closes' | 'changes' | 'pairsOmitted'> {
  const small = Math.max(before.cluster.pods.length, after.cluster.pods.length) <= MOST_PODS;
  const all = small ? diffReach(before.cluster, after.cluster).connections : [];
  const of = (kind: ConnectionChange['change']): readonly PairChange[] =>
    all.filter(({ change }) => change === kind).slice(0, MOST_PAIRS).map((pair) => ({ from: pair.src, to: pair.dst, before: printAllowed(pair.before), after: printAllowed(pair.after) }));
  const lists = { opens: of('opened'), closes: of('closed'), changes: of('changed') };
  return { ...lists, pairsOmitted: all.length - lists.opens.length - lists.closes.length - lists.changes.length };
}

/** What lies between this revision and the one that an edit would make: pods, endpoints, rules, policies, text. */
export function previewOf(before: World, after: World, change: Change, rulesOf: NetnsId | undefined): EditPreview {
  return {
    kind: 'effect', title: change.title, note: change.note, effect: effectOf(before, after), ...ruleChanges(before, after, rulesOf),
    ...pairChanges(before, after), documents: textChanges(before, after),
  };
}

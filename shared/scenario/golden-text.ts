import type { TextDocument } from '../api/shapes.ts';
import { lineEdits } from '../base/line-edits.ts';

/** What one tool lists on a node: `iptables-save`, `nft list ruleset`, … */
export interface Listing { readonly tool: string; readonly lines: readonly string[] }
/** What a node's kernel holds, tool by tool. */
export interface NodeListing { readonly node: string; readonly listings: readonly Listing[] }
/** A cluster's nodes in one of a scenario's states. */
export interface GoldenState { readonly name: string; readonly nodes: readonly NodeListing[] }

/** One pod and nothing else: the lab with what every cluster has, the API server's Service and DNS. */
export const bareDocuments: readonly TextDocument[] = [{ name: 'pod.yaml', text: 'apiVersion: v1\nkind: Pod\nmetadata: { name: alone }\nspec: { nodeName: a, containers: [{ name: main, image: none }] }\n' }];

interface Block { readonly head: string; readonly parts: readonly Part[]; readonly tail: string }
type Part = string | Block;

/** Entries of an nft set or map, each on a line of its own: nft breaks lines by width. */
function elementsBlock(lines: readonly string[], at: number): { readonly block: Block; readonly next: number } {
  let next = at;
  while (!lines[next]!.endsWith(' }')) next++;
  const inside = lines.slice(at, next + 1).map((line) => line.trim()).join(' ').replace(/^elements = \{ (.*) \}$/, '$1');
  return { block: { head: '\t\telements = {', parts: inside.split(/,\s+/).map((entry) => `\t\t\t${entry}`), tail: '\t\t}' }, next: next + 1 };
}

/** The tables, chains, sets and elements that a listing's lines stand in. */
function partsOf(lines: readonly string[], from = 0, end: string | null = null): { readonly parts: readonly Part[]; readonly next: number } {
  const parts: Part[] = [];
  let at = from;
  while (at < lines.length && (end === null || lines[at]!.trim() !== end)) {
    const line = lines[at]!;
    if (line.trim().startsWith('elements = {')) {
      const { block, next } = elementsBlock(lines, at);
      parts.push(block);
      at = next;
    } else if (line.startsWith('*') || line.endsWith(' {')) {
      const tail = line.startsWith('*') ? 'COMMIT' : '}';
      const inside = partsOf(lines, at + 1, tail);
      parts.push({ head: line, parts: inside.parts, tail: lines[inside.next] ?? tail });
      at = inside.next + 1;
    } else {
      if (line.trim() !== '') parts.push(line);
      at++;
    }
  }
  return { parts, next: at };
}

const linesOf = (part: Part): readonly string[] => (typeof part === 'string' ? [part] : [part.head, ...part.parts.flatMap(linesOf), part.tail]);
const textOf = (part: Part): string => linesOf(part).join('\n');
const headOf = (part: Part): string => (typeof part === 'string' ? part : part.head);

function shorten(parts: readonly Part[], known: readonly Part[]): readonly string[] {
  const whole = new Set(known.map(textOf));
  const blocks = new Map(known.flatMap((part) => (typeof part === 'string' ? [] : [[part.head, part] as const])));
  const heads = new Set(parts.map(headOf));
  const shown: string[] = [];
  let left = 0;
  const flush = (): void => {
    if (left > 0) shown.push(`… ${left}`);
    left = 0;
  };
  for (const part of parts) {
    if (whole.has(textOf(part))) {
      left += linesOf(part).length;
      continue;
    }
    flush();
    if (typeof part === 'string') shown.push(part);
    else shown.push(part.head, ...shorten(part.parts, blocks.get(part.head)?.parts ?? []), part.tail);
  }
  flush();
  return [...shown, ...known.filter((part) => !heads.has(headOf(part))).flatMap(linesOf).map((line) => `✕ ${line}`)];
}

/** A listing without what another one has in the same table, chain or set: a run of such lines is `… N`, a line that only the other has is `✕ LINE`. */
export const withoutKnown = (lines: readonly string[], known: readonly string[]): readonly string[] => shorten(partsOf(lines).parts, partsOf(known).parts);

/** A node's listings, tool by tool, without what `known` has too. */
function nodeText({ listings }: NodeListing, known: NodeListing | undefined): string {
  const before = new Map(known?.listings.map(({ tool, lines }) => [tool, lines]));
  return listings.filter(({ tool, lines }) => lines.length > 0 || (before.get(tool)?.length ?? 0) > 0).flatMap(({ tool, lines }) => [`--- ${tool}`, ...withoutKnown(lines, before.get(tool) ?? [])]).join('\n');
}

/** The golden text of a scenario on one datapath: every state's nodes without what the same node has in a cluster of one pod and nothing else; nodes and states with the same text share it. */
export function printGolden(name: string, datapath: string, states: readonly GoldenState[], bare: readonly NodeListing[]): string {
  const bareOf = new Map(bare.map((listing) => [listing.node, listing]));
  const firstAt = new Map<string, string>();
  const sections = states.flatMap(({ name: state, nodes }) => {
    const byText = new Map<string, string[]>();
    for (const node of nodes) {
      const text = nodeText(node, bareOf.get(node.node));
      byText.set(text, [...(byText.get(text) ?? []), node.node]);
    }
    return [...byText].map(([text, alike]) => {
      const title = `${state}: ${alike.join(', ')}`;
      const earlier = firstAt.get(text);
      if (earlier === undefined) firstAt.set(text, title);
      return `=== ${title}\n${earlier === undefined ? text : `the same as ${earlier}`}\n`;
    });
  });
  return [
    `# ${name} on ${datapath}: what \`podhop rules\` prints.`, '# "… N" stands for N lines that the same node has in a cluster of one pod and nothing else (../../golden has them); "✕ LINE" is one of those that is missing here.', '', ...sections,
  ].join('\n');
}

/** The golden text of a datapath's nodes in a cluster of one pod and nothing else: the first in full, the others without what the first has. */
export function printBareGolden(datapath: string, [first, ...others]: readonly NodeListing[]): string {
  const head = `# A cluster of one pod and nothing else on ${datapath}: what \`podhop rules\` prints. "… N" stands for N lines that ${first!.node} has too.\n`;
  return [head, `=== ${first!.node}\n${nodeText(first!, undefined)}\n`, ...others.map((node) => `=== ${node.node}\n${nodeText(node, first)}\n`)].join('\n');
}

/** How a text differs from the golden one, in lines for people: `-` only in the golden, `+` only in the text, each under its section; at most 40. */
export function goldenDifferences(golden: string, text: string): readonly string[] {
  const found: string[] = [];
  let section = '';
  let said = '';
  for (const { kind, line } of lineEdits(golden.split('\n'), text.split('\n'))) {
    if (kind === 'kept') {
      if (line.startsWith('=== ')) section = line;
      continue;
    }
    if (section !== said) found.push(said = section);
    found.push(`${kind === 'removed' ? '-' : '+'} ${line}`);
  }
  return found.length > 40 ? [...found.slice(0, 40), `… and ${found.length - 40} lines more`] : found;
}

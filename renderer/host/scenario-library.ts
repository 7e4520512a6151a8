import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { TextDocument } from '../../shared/api/contract.ts';
import type { Probe } from '../../shared/trace/types.ts';

/** One lesson as the picker shows it, with all it takes to open it. */
export interface LibraryScenario {
  readonly name: string;
  readonly title: string;
  readonly order: number;
  readonly module: string;
  readonly teaches: readonly string[];
  /** What the first step says, '' if nothing. */
  readonly say: string;
  /** The first question it asks, ready to send. */
  readonly probe: Probe | null;
  /** The questions that it expects something of, as it is given. */
  readonly expected: readonly Probe[];
  readonly documents: readonly TextDocument[];
}

const texts = import.meta.glob<string>('../../scenarios/*/**/*.yaml', { query: '?raw', import: 'default', eager: true });

// Only what the picker needs; the engine's own reader checks scenarios in full (shared/scenario).
const probe = z.object({ from: z.string(), at: z.optional(z.string()), to: z.string(), port: z.optional(z.number()), protocol: z.optional(z.enum(['tcp', 'udp', 'sctp', 'icmp'])), http: z.optional(z.object({ url: z.string(), method: z.optional(z.string()) })) });
const head = z.object({
  metadata: z.object({ name: z.string(), title: z.string(), module: z.string(), order: z.number() }),
  spec: z.object({
    teaches: z._default(z.array(z.string()), []),
    manifests: z.array(z.string()),
    steps: z._default(z.array(z.object({ say: z.optional(z.string()), probe: z.optional(probe) })), []),
    expect: z._default(z.array(z.object({ probe })), []),
  }),
});

/** Reads one scenario of the library; null where its text is none, which the project's own tests forbid. */
export function readLibraryScenario(text: string, manifestOf: (file: string) => string | undefined): LibraryScenario | null {
  const read = head.safeParse(parse(text));
  if (!read.success) return null;
  const { metadata, spec } = read.data;
  const documents = spec.manifests.flatMap((name) => {
    const found = manifestOf(name);
    return found === undefined ? [] : [{ name, text: found }];
  });
  return {
    ...metadata,
    teaches: spec.teaches,
    say: spec.steps.find(({ say }) => say !== undefined)?.say ?? '',
    probe: (spec.steps.find((step) => step.probe !== undefined)?.probe as Probe | undefined) ?? null,
    expected: spec.expect.map((one) => one.probe as Probe),
    documents,
  };
}

/** Every built-in scenario, in the course's order. */
export function listScenarios(): readonly LibraryScenario[] {
  return Object.entries(texts)
    .flatMap(([path, text]) => {
      if (!path.endsWith('/scenario.yaml')) return [];
      const folder = path.slice(0, -'scenario.yaml'.length);
      return readLibraryScenario(text, (file) => texts[folder + file]) ?? [];
    })
    .toSorted((a, b) => a.order - b.order);
}

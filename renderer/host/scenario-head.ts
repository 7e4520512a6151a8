import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { Probe } from '../../shared/trace/types.ts';

/** What the picker needs of a scenario, and what it takes to open it. */
export interface ScenarioHead {
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
  /** Its manifests, as paths in its folder. */
  readonly manifests: readonly string[];
}

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

/** Reads one scenario of the library; null where its text is none, which the project's own tests forbid. Done when the app is built: reading them all takes longer than the first picture. */
export function readScenarioHead(text: string): ScenarioHead | null {
  const read = head.safeParse(parse(text));
  if (!read.success) return null;
  const { metadata, spec } = read.data;
  return {
    ...metadata,
    teaches: spec.teaches,
    say: spec.steps.find(({ say }) => say !== undefined)?.say ?? '',
    probe: (spec.steps.find((step) => step.probe !== undefined)?.probe as Probe | undefined) ?? null,
    expected: spec.expect.map((one) => one.probe as Probe),
    manifests: spec.manifests,
  };
}

import { z } from 'zod';

const words = z.string().max(4096);
const verdicts = z.enum(['delivered', 'refused', 'dropped', 'timeout', 'unreachable', 'nxdomain', 'dns-timeout', 'http-error', 'tls-mismatch', 'unmodelled', 'ambiguous']);
const perDatapath = <T extends z.ZodType>(value: T) => z.union([value, z.record(words, value)]);

const earlier = z.strictObject({ from: words, at: words.optional(), to: z.union([words, z.number()]).transform(String), port: z.number().int().min(0).max(65535).optional(), protocol: z.enum(['tcp', 'udp', 'sctp', 'icmp']).optional(), now: z.number().min(0).optional() });

export const probeSchema = z.strictObject({
  name: words.optional(),
  from: words,
  at: words.optional(),
  to: z.union([words, z.number()]).transform(String),
  port: z.number().int().min(0).max(65535).optional(),
  protocol: z.enum(['tcp', 'udp', 'sctp', 'icmp']).optional(),
  http: z.strictObject({ url: words, method: words.optional(), headers: z.record(words, words).optional(), requests: z.number().int().min(1).max(1000).optional() }).optional(),
  now: z.number().min(0).optional(),
  after: z.array(earlier).max(100).optional(),
});

const expectation = z.strictObject({
  name: words.optional(),
  probe: probeSchema,
  verdict: perDatapath(verdicts),
  code: perDatapath(words).optional(),
  endpoint: z.strictObject({ node: words.optional(), pod: words.optional(), ip: words.optional(), port: z.number().optional() }).optional(),
  sourceSeen: perDatapath(words).optional(),
  passes: z.array(z.enum(['dnat', 'snat', 'masquerade', 'hairpin', 'encap'])).optional(),
  delivered: perDatapath(z.string().regex(/^\d+(\/\d+)?$/)).optional(),
  branches: perDatapath(z.number().int()).optional(),
  http: z.number().int().optional(),
  queries: z.number().int().optional(),
  avoids: z.array(words).optional(),
  spread: z.array(z.number().int().min(0)).min(1).optional(),
  shares: z.record(words, z.string().regex(/^\d+(\/\d+)?$/)).optional(),
});

const step = z.strictObject({
  say: words.optional(),
  camera: z.strictObject({ fit: z.array(words) }).optional(),
  highlight: z.array(words).optional(),
  probe: probeSchema.optional(),
  predict: z.strictObject({ question: words, at: words, options: z.union([words, z.array(words)]) }).optional(),
});

const variant = z.strictObject({ patch: z.array(z.strictObject({ target: words, set: z.record(words, z.json()) })), expect: z.array(expectation).default([]) });

// One plain segment per level: no `..`, no absolute path, no drive, no URL (reliability B9, row 40).
const inside = z.string().regex(/^(?!\.)[\w-][\w.-]*(\/(?!\.)[\w-][\w.-]*)*$/, 'manifests are files inside this scenario\'s own folder');

export const scenarioSchema = z.strictObject({
  apiVersion: z.literal('podhop.dev/v1alpha1'),
  kind: z.literal('Scenario'),
  metadata: z.strictObject({ name: words, title: words, module: words, order: z.number().int().min(0) }),
  spec: z.strictObject({
    teaches: z.array(words).default([]),
    surprise: words.default(''),
    manifests: z.array(inside).min(1),
    datapaths: z.array(words).default([]),
    steps: z.array(step).max(10_000).default([]),
    expect: z.array(expectation).default([]),
    broken: variant.optional(),
    variants: z.array(variant.extend({ name: words })).max(100).default([]),
    onACluster: words.default(''),
  }),
});

import { z } from 'zod';
import type { Input, Method } from './contract.ts';
import { clusterEdit } from './edit-schema.ts';

// Caps stop a hostile page from filling the engine before it even reads (reliability A10); the reader has its own, finer limits.
const MAX_DOCUMENT = 300 * 1024 * 1024;
const name = z.string().max(4096);
const text = z.string().max(MAX_DOCUMENT);
const documents = z.array(z.strictObject({ name, text, encoding: z.literal('base64').optional() })).max(20_000);
const ref = z.strictObject({ kind: name, namespace: name.optional(), name });
const protocol = z.enum(['tcp', 'udp', 'sctp', 'icmp']);
const port = z.number().int().min(0).max(65535);

const moment = z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const earlier = z.strictObject({ from: name, at: name.optional(), to: name, port: port.optional(), protocol: protocol.optional(), now: moment });

const probe = z.strictObject({
  name: name.optional(),
  from: name,
  at: name.optional(),
  to: name,
  port: port.optional(),
  protocol: protocol.optional(),
  http: z.strictObject({ url: name, method: name.optional(), headers: z.record(name, name).optional(), requests: z.number().int().min(1).max(1000).optional() }).optional(),
  now: moment,
  after: z.array(earlier).max(100).optional(),
});

const held = z.record(name, z.strictObject({ node: name, ips: z.array(name).max(8) }));
const sidecar = z.strictObject({
  positions: z.record(name, z.strictObject({ x: z.number(), y: z.number() })),
  folded: z.array(name).max(100_000).optional(),
  grouping: z.enum(['workload', 'namespace']).optional(),
  held: held.optional(),
  stale: z.record(name, z.strictObject({ documents, held: held.optional() })).optional(),
});

const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const mode = z.enum(['iptables', 'nftables', 'ipvs', 'userspace', 'kernelspace', 'socket-lb']);

const departure = z.strictObject({ pair: z.number().int().min(0), nth: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), at: z.number().min(0).max(Number.MAX_SAFE_INTEGER) });
const remembered = z.record(name, z.number());
const traffic = z
  .strictObject({ probes: z.array(probe).max(32), departures: z.array(departure).max(2000), memory: z.strictObject({ recent: remembered, dynamicSets: remembered, counters: remembered }).optional(), seed: seed.optional() })
  .refine(({ probes, departures }) => departures.every(({ pair }) => pair < probes.length), 'a departure of a pair that is not there');

const side = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['current', 'before-last-edit']) }),
  z.strictObject({ kind: z.literal('entry'), entry: z.number().int().min(0) }),
  z.strictObject({ kind: z.literal('documents'), documents, title: name }),
]);

const question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('probe'), probe }),
  z.strictObject({ kind: z.literal('pair'), from: name, to: name, protocol: z.enum(['tcp', 'udp', 'sctp']), port }),
]);

/** One input schema per method: the server's allow-list and the only door into the engine. */
export const schemas = {
  ping: z.strictObject({}),
  preview: z.strictObject({ documents }),
  open: z.strictObject({ documents, title: name, sidecar: sidecar.optional() }),
  ask: z.strictObject({ probe, remember: z.boolean().optional() }),
  offers: z.strictObject({ to: name }),
  rules: z.strictObject({ netns: name, format: z.enum(['iptables-save', 'ipset', 'nft', 'ipvsadm', 'ip-route', 'ip-addr']).nullable(), family: z.union([z.literal(4), z.literal(6)]).optional() }),
  locate: z.strictObject({ ref, field: name.optional() }),
  reach: z.strictObject({ listeningOnly: z.boolean(), ipBlocksMatchPods: z.boolean() }),
  diffReach: z.strictObject({ before: documents }),
  explain: z.strictObject({ netns: name, id: name }),
  counters: z.strictObject({ probes: z.array(probe).max(10_000), seed: seed.optional() }),
  sample: z.strictObject({ probe, count: z.number().int().min(1).max(1000), seed: seed.optional(), oneConnection: z.boolean().optional() }),
  previewMode: z.strictObject({ mode, netns: name }),
  endpointsOf: z.strictObject({ service: name }),
  edit: z.strictObject({ edit: clusterEdit, join: z.boolean().optional() }),
  previewEdit: z.strictObject({ edit: clusterEdit, rulesOf: name.optional() }),
  undo: z.strictObject({}),
  redo: z.strictObject({}),
  history: z.strictObject({}),
  restartFrom: z.strictObject({ entry: z.number().int().min(0) }),
  causedBy: z.strictObject({ ref }),
  traffic,
  exposure: z.strictObject({ of: name }),
  coverage: z.strictObject({ probes: z.array(probe).max(2000), netns: name.optional() }),
  diffBetween: z.strictObject({ before: side, after: side, calls: z.boolean().optional() }),
  compare: z.strictObject({ before: side, after: side, question }),
  complete: z.strictObject({ text: z.string().max(30_000_000), line: z.number().int().min(1), col: z.number().int().min(1) }),
} satisfies Record<Method, z.ZodType>;

/** Whether this is a method of the table; own keys only, so that `constructor` is none. */
export const isMethod = (method: string): method is Method => Object.hasOwn(schemas, method);

/** Checks one input against its schema. */
export function parseInput<M extends Method>(method: M, input: unknown): { ok: true; value: Input<M> } | { ok: false; message: string } {
  const result = schemas[method].safeParse(input);
  if (result.success) return { ok: true, value: result.data as Input<M> };
  const first = result.error.issues[0];
  const place = first?.path.join('.') ?? '';
  return { ok: false, message: `${method}: ${place ? `${place}: ` : ''}${first?.message ?? 'wrong input'}` };
}

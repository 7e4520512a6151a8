import type { Probe } from '../../shared/trace/types.ts';
import { formatJourney } from '../../shared/trace/format-journey.ts';
import { oneOf, portOf, requestsOf, UsageError, type Args } from '../args.ts';
import { journeyJson } from '../journey-json.ts';
import { load } from '../load.ts';
import { complain, print, printJson } from '../output.ts';
import { probesFrom } from '../read-probes-file.ts';

function probeFrom(values: Args['values']): Probe {
  const { from, to, at, port, protocol, requests } = values;
  const http = values.http ?? (requests !== undefined && /^https?:/i.test(to ?? '') ? to : undefined);
  if (from === undefined) throw new UsageError('trace needs --from A and --to B, or --probes FILE');
  if (requests !== undefined && http === undefined) throw new UsageError('--requests needs --http URL, or a URL as --to');
  if (to === undefined && http === undefined) throw new UsageError('trace needs --to B');
  return {
    from,
    to: to ?? http!,
    ...(at === undefined ? {} : { at }),
    ...(port === undefined ? {} : { port: portOf(port) }),
    ...(protocol === undefined ? {} : { protocol: oneOf(protocol.toLowerCase(), ['tcp', 'udp', 'sctp', 'icmp'], 'protocol') }),
    ...(http === undefined ? {} : { http: { url: http, ...(requests === undefined ? {} : { requests: requestsOf(requests) }) } }),
  };
}

/** `podhop trace`: one question or many, every branch. 0 when every branch of every question is delivered, else 1. */
export async function trace({ values }: Args): Promise<number> {
  const many = values.probes !== undefined;
  const probes = many ? probesFrom(values.probes!) : [probeFrom(values)];
  const { sandbox } = await load(values.file);
  const shown: unknown[] = [];
  let delivered = true;
  for (const probe of probes) {
    try {
      const { journey, glossary } = await sandbox.ask({ probe });
      delivered &&= journey.verdict === 'delivered';
      if (values.json) shown.push(journeyJson(journey));
      else print(formatJourney(journey, glossary));
    } catch (thrown) {
      if (!many) throw thrown;
      // One question that cannot be asked leaves the others' answers in their places.
      delivered = false;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      complain(`${probe.name ?? `${probe.from} → ${probe.to}`}: ${message}`);
      shown.push({ ...(probe.name === undefined ? {} : { name: probe.name }), from: probe.from, to: probe.to, verdict: 'unmodelled', code: 'bad-probe', error: message, branches: [] });
    }
  }
  if (values.json) printJson(many ? shown : shown[0]);
  return delivered ? 0 : 1;
}
